package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Engine;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.image.JobImage;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    private static final JobImage IMAGE = JobImage.of("honest");
    private static final JobSpec SPEC = spec();

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
    void shouldRefuseWhatTheEngineDoesNotKnowByItsDigest() throws IOException {
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
    void shouldRefuseAnArchiveOfAnotherImage() throws IOException {
        // given
        Files.write(directory.resolve("image.tar"), JobImage.of("slow").archive());
        var trainer = trainer("false");
        var stretch = stretch(2, 3);

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> trainer.run(stretch))
                .withMessageContaining("Expected the archive to hold image '%s'".formatted(SPEC.image()));
        assertThat(directory.resolve("asked")).content().doesNotContain("run --rm");
        assertThat(directory.resolve("loaded")).isEmptyFile();
    }

    @Test
    void shouldLoadTheImageWithoutItsTags() throws IOException {
        // given: the archive says that its image is 'debian:stolen'
        var trainer = trainer("test -e " + directory.resolve("loaded"));

        // when
        trainer.run(stretch(2, 3));

        // then
        assertThat(Files.readString(directory.resolve("loaded"), StandardCharsets.ISO_8859_1))
                .contains("\"RepoTags\":null", "\"Config\":\"config.json\"")
                .doesNotContain("stolen");
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
                [ "$1" = load ] && exec cat > %1$s/loaded
                [ "$1 $3" = "image --format" ] && [ "%3$s" ] && exec echo null
                [ "$1" = image ] && exec %2$s
                exit 0
                """.formatted(directory, hasImage, hasImage.startsWith("test") ? "tested" : ""));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
        return new ImageTrainer(
                new Engine(engine.toString(), Map.of()),
                SPEC,
                () -> {
                    asked.set(true);
                    var archive = directory.resolve("image.tar");
                    try {
                        return Files.exists(archive) ? archive : Files.write(archive, IMAGE.archive());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Duration.ofMinutes(1));
    }

    private static JobSpec spec() {
        var spec = (ObjectNode) Json.tree(SampleJobs.strict(2));
        spec.put("image", IMAGE.image().value());
        return Json.read((JsonNode) spec, JobSpec.class);
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
