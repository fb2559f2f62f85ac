package io.perigee.devstack.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.devstack.Expected;
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
    void shouldLetOneStackAtATimeUseIt() {
        try (var _ = StateDirectory.take(root)) {
            assertThatThrownBy(() -> StateDirectory.take(root)).isNotNull();
        }
        StateDirectory.take(root).close();
    }
}
