package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    Path home;

    @Test
    void shouldOpenTheKeyAndIgnoreTheEditorsLineBreak() throws IOException {
        // given
        var key = KeyPair.create(new SecureRandom());
        store(key);
        Files.writeString(home.resolve("password"), "pass word\n");

        // when
        var read = KeyFile.read(home.resolve("key.json"), home.resolve("password"));

        // then
        assertThat(read.address()).isEqualTo(key.address());
    }

    @Test
    void shouldRefuseAWrongPasswordWithoutRepeatingIt() throws IOException {
        // given
        store(KeyPair.create(new SecureRandom()));
        Files.writeString(home.resolve("password"), "canary");

        // when + then
        assertThatThrownBy(() -> KeyFile.read(home.resolve("key.json"), home.resolve("password")))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("password is wrong")
                .hasMessageNotContaining("canary");
    }

    @Test
    void shouldNameTheSettingOfAMissingFile() {
        assertThatThrownBy(() -> KeyFile.read(home.resolve("none"), home.resolve("password")))
                .hasMessageContaining("perigee.settlement.key-file")
                .hasMessageContaining("none");
    }

    private void store(KeyPair key) throws IOException {
        Files.write(
                home.resolve("key.json"),
                Keystore.write(key, "pass word", Keystore.Strength.LIGHT, new SecureRandom()));
    }
}
