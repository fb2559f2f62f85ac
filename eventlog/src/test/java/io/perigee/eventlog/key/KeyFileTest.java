package io.perigee.eventlog.key;

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
        var read = KeyFile.read(named("key.json"), named("password"));

        // then
        assertThat(read.address()).isEqualTo(key.address());
    }

    @Test
    void shouldRefuseAWrongPasswordWithoutRepeatingIt() throws IOException {
        // given
        store(KeyPair.create(new SecureRandom()));
        Files.writeString(home.resolve("password"), "canary");

        // when + then
        assertThatThrownBy(() -> KeyFile.read(named("key.json"), named("password")))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("password is wrong")
                .hasMessageNotContaining("canary");
    }

    @Test
    void shouldNameTheSettingOfAMissingFile() {
        assertThatThrownBy(() -> KeyFile.read(named("none"), named("password")))
                .hasMessageContaining("perigee.room.none-file")
                .hasMessageContaining("none");
    }

    @Test
    void shouldReadASecretInHexadecimal() throws IOException {
        // given
        Files.writeString(home.resolve("draw"), "0x" + "aB".repeat(32) + "\n");

        // when
        var secret = KeyFile.secret(named("draw"));

        // then
        assertThat(secret.value()).isEqualTo("0x" + "ab".repeat(32));
    }

    @Test
    void shouldRefuseAnotherSecretWithoutRepeatingIt() throws IOException {
        // given
        Files.writeString(home.resolve("draw"), "canary");

        // when + then
        assertThatThrownBy(() -> KeyFile.secret(named("draw")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perigee.room.draw-file")
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    private KeyFile.Setting named(String name) {
        return new KeyFile.Setting("perigee.room." + name + "-file", home.resolve(name));
    }

    private void store(KeyPair key) throws IOException {
        Files.write(
                home.resolve("key.json"),
                Keystore.write(key, "pass word", Keystore.Strength.LIGHT, new SecureRandom()));
    }
}
