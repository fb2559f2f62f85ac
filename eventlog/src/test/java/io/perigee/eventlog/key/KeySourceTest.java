package io.perigee.eventlog.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.id.Address;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySourceTest {
    private static final KeySource.File FILE = new KeySource.File(
            new KeyFile.Setting("key", Path.of("key.json")), new KeyFile.Setting("password", Path.of("password")));
    private static final KeySource.Remote REMOTE =
            new KeySource.Remote(URI.create("http://signer:9000"), Address.ZERO, Duration.ofSeconds(5));

    @Test
    void shouldTakeTheOneThatIsNamed() {
        assertThat(KeySource.of("perigee.room", Optional.of(FILE), Optional.empty()))
                .isEqualTo(FILE);
        assertThat(KeySource.of("perigee.room", Optional.empty(), Optional.of(REMOTE)))
                .isEqualTo(REMOTE);
    }

    @Test
    void shouldRefuseNeitherAndBoth() {
        assertThatThrownBy(() -> KeySource.of("perigee.room", Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perigee.room")
                .hasMessageContaining("neither");
        assertThatThrownBy(() -> KeySource.of("perigee.room", Optional.of(FILE), Optional.of(REMOTE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://signer",
                "signer:9000",
                "/signer",
                "http:///sign",
                "http://user:canary@signer",
                "http://signer?key=canary",
                "http://signer#canary"
            })
    void shouldRefuseAUrlThatIsNoneOrHoldsASecret(String url) {
        assertThatThrownBy(() -> new KeySource.Remote(URI.create(url), Address.ZERO, Duration.ofSeconds(1)).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the signer's URL")
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 49, 20_001})
    void shouldRefuseATimeoutOutOfRange(long millis) {
        var remote = new KeySource.Remote(REMOTE.url(), REMOTE.account(), Duration.ofMillis(millis));
        assertThatThrownBy(remote::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the signer's timeout");
    }
}
