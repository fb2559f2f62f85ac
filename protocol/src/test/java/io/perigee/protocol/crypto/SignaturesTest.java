package io.perigee.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.Samples;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SignaturesTest {
    /** The first account of anvil and hardhat: public, worthless. */
    private static final KeyPair KEY = KeyPair.ofSecret(
            HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));

    @Test
    void shouldDeriveTheWellKnownAddress() {
        assertThat(KEY.address()).isEqualTo(Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"));
    }

    @Test
    void shouldRecoverWhoeverSigned() {
        for (int seed = 0; seed < 50; seed++) {
            // given
            var samples = new Samples(seed);
            var key = KeyPair.ofSecret(samples.bytes(32));
            var digest = Digest.of(samples.bytes(32));

            // when
            var signature = key.sign(digest);

            // then
            assertThat(Signatures.recover(digest, signature)).isEqualTo(key.address());
            assertThat(Signatures.isBy(KEY.address(), digest, signature)).isFalse();
            assertThat(key.sign(digest)).isEqualTo(signature);
        }
    }

    @Test
    void shouldRefuseTheHighSTwinOfAGoodSignature() {
        // given
        var digest = Digest.of(new Samples(1).bytes(32));
        var good = KEY.sign(digest);
        var highS = Secp256k1.ORDER.subtract(new BigInteger(1, good.s()));
        var twin = Signatures.encode(new BigInteger(1, good.r()), highS, good.v() == 27 ? 28 : 27);

        // when / then
        assertThatThrownBy(() -> Signatures.recover(digest, twin))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("upper half");
        assertThat(Signatures.isBy(KEY.address(), digest, twin)).isFalse();
    }

    @Test
    void shouldRefuseBytesThatAreNoSignature() {
        var digest = Digest.of(new Samples(1).bytes(32));
        var good = KEY.sign(digest).bytes();
        for (int v : new int[] {0, 1, 26, 29, 255}) {
            var bad = good.clone();
            bad[64] = (byte) v;
            assertThatThrownBy(() -> Signatures.recover(digest, Signature.of(bad)))
                    .isInstanceOf(InvalidValue.class);
        }
        assertThatThrownBy(() -> Signatures.recover(digest, Signature.of(new byte[65])))
                .isInstanceOf(InvalidValue.class);
        var beyond = Signatures.encode(Secp256k1.ORDER, BigInteger.ONE, 27);
        assertThatThrownBy(() -> Signatures.recover(digest, beyond)).isInstanceOf(InvalidValue.class);
        var noPoint = Signatures.encode(BigInteger.valueOf(5), BigInteger.ONE, 27);
        assertThatThrownBy(() -> Signatures.recover(digest, noPoint)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldSignMessagesAsWalletsDo() {
        // given
        var message = "hello".getBytes(StandardCharsets.UTF_8);

        // when
        var digest = Signatures.messageDigest(message);

        // then
        assertThat(digest.value()).isEqualTo("0x50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750");
        assertThat(Signatures.isMessageBy(KEY.address(), message, KEY.signMessage(message)))
                .isTrue();
    }

    @Test
    void shouldRefuseSecretsOutsideTheGroup() {
        assertThatThrownBy(() -> KeyPair.ofSecret(new byte[32])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyPair.ofSecret(Secp256k1.bytes32(Secp256k1.ORDER)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyPair.ofSecret(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotShowTheSecret() {
        assertThat(KEY.toString()).doesNotContain("ac0974");
    }
}
