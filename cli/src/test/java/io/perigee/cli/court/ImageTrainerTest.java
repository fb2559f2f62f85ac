package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Engine;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that writes down what it is asked, and does as a trainer would. */
class ImageTrainerTest {
    private static final JobSpec SPEC = SampleJobs.strict(2);

    @TempDir
    Path directory;

    private final AtomicBoolean asked = new AtomicBoolean();

    @Test
    void shouldShutTheImageInAndMountWhatTheContractSays() throws IOException {
        // given
        var stretch = stretch(2, 3);

        // when
        var ended = trainer("true").run(stretch);

        // then
        assertThat(ended.exit()).isZero();
        assertThat(asked).isFalse();
        assertThat(directory.resolve("asked"))
                .content()
                .contains(
                        "run --rm --network=none --read-only --cap-drop=ALL --security-opt=no-new-privileges",
                        "--user=65534:65534",
                        "--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64000000 --ulimit=core=0:0 --no-healthcheck",
                        "--env=NVIDIA_VISIBLE_DEVICES=void --log-driver=json-file --log-opt=max-size=1m",
                        "--memory=1000000000 --memory-swap=1000000000 --cpus=1",
                        "--env=PERIGEE_FROM=2 --env=PERIGEE_TO=3",
                        "/job.json:/perigee/job.json:ro",
                        "/base:/perigee/inputs/base:ro",
                        "/dataset:/perigee/inputs/dataset:ro",
                        "/checkpoint:/perigee/resume:ro",
                        "work/checkpoints:/perigee/checkpoints ",
                        "work/outputs:/perigee/outputs ",
                        "work/progress.jsonl:/perigee/progress.jsonl ",
                        SPEC.image().value())
                .containsSubsequence("rm --force a-run", "run --rm", "rm --force a-run");
    }

    @Test
    void shouldMountNoCheckpointForTheFirstSegment() throws IOException {
        // when
        trainer("true").run(stretch(0, 1));

        // then
        assertThat(directory.resolve("asked")).content().doesNotContain("/perigee/resume");
    }

    @Test
    void shouldRefuseAnArchiveOfAnotherImage() throws IOException {
        // given: the engine has no such image, before and after it is loaded
        var trainer = trainer("false");
        var stretch = stretch(2, 3);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> trainer.run(stretch))
                .withMessageContaining("but it holds another");
        assertThat(asked).isTrue();
        assertThat(directory.resolve("asked")).content().doesNotContain("run --rm");
    }

    @Test
    void shouldRefuseAnImageThatBringsVolumes() throws IOException {
        // given
        var trainer = trainer("echo {\"/data\":{}}");
        var stretch = stretch(2, 3);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> trainer.run(stretch))
                .withMessageContaining("image without volumes");
        assertThat(directory.resolve("asked")).content().doesNotContain("run --rm");
    }

    @Test
    void shouldRefuseAnArchiveThatIsLargerThanProvidersTake() throws IOException {
        // given
        var trainer = trainer("false");
        var stretch = stretch(2, 3);
        try (var sparse = new RandomAccessFile(directory.resolve("image.tar").toFile(), "rw")) {
            sparse.setLength(20_000_000_001L);
        }

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> trainer.run(stretch))
                .withMessageContaining("archive of at most");
        assertThat(directory.resolve("asked")).content().doesNotContain("load");
    }

    private ImageTrainer trainer(String hasImage) throws IOException {
        var engine = directory.resolve("engine");
        Files.writeString(engine, """
                #!/bin/sh
                echo "$@" >> %1$s/asked
                [ "$1" = image ] && exec %2$s
                exit 0
                """.formatted(directory, hasImage));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
        return new ImageTrainer(
                new Engine(engine.toString(), Map.of()),
                SPEC,
                () -> {
                    asked.set(true);
                    var archive = directory.resolve("image.tar");
                    try {
                        return Files.exists(archive) ? archive : Files.createFile(archive);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Duration.ofMinutes(1));
    }

    private Trainer.Stretch stretch(int from, int to) throws IOException {
        var work = directory.resolve("work");
        for (var part : new String[] {"base", "dataset", "checkpoint", "work/checkpoints", "work/outputs"}) {
            Files.createDirectories(directory.resolve(part));
        }
        Files.writeString(work.resolve("progress.jsonl"), "");
        return new Trainer.Stretch(
                "a-run",
                Files.writeString(directory.resolve("job.json"), "{}"),
                directory.resolve("base"),
                directory.resolve("dataset"),
                directory.resolve("checkpoint"),
                work,
                from,
                to);
    }
}
