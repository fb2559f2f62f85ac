package io.perigee.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.testkit.engine.PrivateDocker;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger's image in a real engine. */
class EngineIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final PrivateDocker docker = PrivateDocker.get();
    private final Engine engine = new Engine("docker", docker.address());

    @Test
    void shouldMoveNoTagOfThisMachineByAnArchiveThatNamesOne() throws IOException {
        // given: it names itself debian:stolen
        var made = JobImage.of("honest");

        // when
        engine.load(made.image(), archive(made), PATIENCE);

        // then
        assertThat(engine.has(made.image())).isTrue();
        assertThat(docker.says("images", "--format", "{{.Repository}}:{{.Tag}}"))
                .doesNotContain("stolen");
    }

    @Test
    void shouldLoadNothingOutOfAnArchiveOfAnotherImage() throws IOException {
        // given
        var archive = archive(JobImage.of("slow"));
        var other = Sha256.of(new byte[] {1});

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> engine.load(other, archive, PATIENCE))
                .withMessageContaining("none of its 1 images has that config digest");
        assertThat(engine.has(JobImage.of("slow").image())).isFalse();
    }

    @Test
    void shouldSweepWhatNobodyClosed() throws IOException {
        // given: what a container leaves, of which this machine's user may remove nothing
        var made = JobImage.of("honest");
        engine.load(made.image(), archive(made), PATIENCE);
        var left = Files.createDirectory(directory.resolve("checkpoints"));
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwxrwxrwx"));
        var written = engine.run(
                List.of(
                        "--volume=%s:/perigee/checkpoints".formatted(left),
                        "--entrypoint=/bin/bash",
                        made.image().value(),
                        "-c",
                        "cd /perigee/checkpoints; mkdir -p 3/a .h; touch 3/a/f .h/f ..f; exec 9>3/a/g"),
                "",
                PATIENCE,
                "");
        assertThat(written.exit()).as(written.errors()).isZero();
        Files.setPosixFilePermissions(left.resolve("3/a"), PosixFilePermissions.fromString("---------"));

        // when
        engine.sweep(made.image(), left);

        // then
        try (var files = Files.list(left)) {
            assertThat(files).isEmpty();
        }
    }

    private Path archive(JobImage made) throws IOException {
        return Files.write(directory.resolve("image.tar"), made.archive());
    }
}
