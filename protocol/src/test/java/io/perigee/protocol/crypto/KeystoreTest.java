package io.perigee.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.Samples;
import io.perigee.protocol.error.InvalidValue;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeystoreTest {
    /** The key of the Web3 Secret Storage definition, sealed by Node's crypto and viem's Keccak. */
    private static final String KNOWN = """
      {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
      "ciphertext":"f73db860b407ccb3628e2dee55f8f94402213f75c3012e63695a34dd26ce6f19","kdf":"scrypt",
      "kdfparams":{"dklen":32,"n":65536,"r":8,"p":1,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
      "mac":"a7d0f0d7d121986a487e3b85b992413225dd582f4adfd138cac487a1e3103597"},
      "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}""";

    @Test
    void shouldOpenAFileMadeByOtherTools() {
        var key = Keystore.read(KNOWN.getBytes(StandardCharsets.UTF_8), "testpassword");
        assertThat(HexFormat.of().formatHex(key.secret()))
                .isEqualTo("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
    }

    @Test
    void shouldOpenWhatItWrote() {
        // given
        var key = KeyPair.ofSecret(new Samples(3).bytes(32));

        // when
        var file = Keystore.write(key, "pässword", Keystore.Strength.LIGHT, new SecureRandom());

        // then
        assertThat(Keystore.read(file, "pässword").address()).isEqualTo(key.address());
        assertThat(new String(file, StandardCharsets.UTF_8))
                .contains(key.address().value().substring(2));
        assertThatThrownBy(() -> Keystore.read(file, "password"))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("password is wrong");
    }

    @Test
    void shouldRefuseFilesThatWouldCostTooMuchOrAreBroken() {
        for (var bad : new String[] {
            "{}",
            "[]",
            KNOWN.replace("\"version\":3", "\"version\":1"),
            KNOWN.replace("65536", "1073741824"),
            KNOWN.replace("65536", "65535"),
            KNOWN.replace("\"r\":8", "\"r\":1000000"),
            KNOWN.replace("\"scrypt\"", "\"argon\""),
            KNOWN.replace("\"r\":8", "\"r\":1"),
            KNOWN.replace("\"mac\":\"a7d0", "\"mac\":\"zzzz"),
            KNOWN.replace("f73db8", "f73d"),
        }) {
            assertThatThrownBy(() -> Keystore.read(bad.getBytes(StandardCharsets.UTF_8), "testpassword"))
                    .as(bad)
                    .isInstanceOf(InvalidValue.class);
        }
    }
}
