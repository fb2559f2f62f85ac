package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.perigee.cli.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskLimitTest {
    @TempDir
    Path directory;

    @Test
    void shouldCountWhatIsThereAndFollowNoLink() throws IOException {
        // given
        Files.write(Files.createDirectory(directory.resolve("1")).resolve("file"), new byte[100]);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("/usr"));

        // when, then
        assertThatNoException().isThrownBy(() -> new DiskLimit(directory, 10_000, 0).check());
    }

    @Test
    void shouldEndWhatIsMore() throws IOException {
        // given
        Files.write(directory.resolve("file"), new byte[101]);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> new DiskLimit(directory, 100, 0).check())
                .withMessageContaining("at most the job's 100 bytes of disk, but there are 101 bytes");
    }

    @Test
    void shouldLeaveThisMachineItsRoom() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> new DiskLimit(directory, 100, Long.MAX_VALUE).check())
                .withMessageContaining("of this machine's disk to stay free");
    }
}
