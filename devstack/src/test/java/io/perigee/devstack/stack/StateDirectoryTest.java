package io.perigee.devstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.devstack.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    private Path root;

    @Test
    void shouldSayBeforeTheStartThatTheDiskIsNearlyFull() {
        assertThatCode(() -> StateDirectory.mustHaveRoom(root, StateDirectory.LEAST_FREE_BYTES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> StateDirectory.mustHaveRoom(root, StateDirectory.LEAST_FREE_BYTES - 1))
                .isInstanceOf(Expected.class)
                .hasMessage("Expected at least 3072 MiB free on the disk of " + root + ", but there are 3071");
    }

    @Test
    void shouldEmptyNothingThatNoStackLeft() throws IOException {
        // given
        Path foreign = Files.createDirectories(root.resolve("artifacts")).resolve("mine");
        Files.writeString(foreign, "years of work");

        // when and then
        assertThatThrownBy(() -> StateDirectory.take(root))
                .isInstanceOf(Expected.class)
                .hasMessageContaining("'artifacts', which a start would empty");
        assertThat(foreign).exists();
    }

    @Test
    void shouldEmptyWhatItsLastStackLeft() throws IOException {
        // given
        StateDirectory.take(root).close();
        Files.createDirectories(root.resolve("artifacts"));

        // when
        StateDirectory.take(root).close();

        // then
        assertThat(root.resolve("artifacts")).doesNotExist();
    }

    @Test
    void shouldLetOneStackAtATimeUseIt() {
        try (var _ = StateDirectory.take(root)) {
            assertThatThrownBy(() -> StateDirectory.take(root)).isNotNull();
        }
        StateDirectory.take(root).close();
    }
}
