package io.perigee.cli.court;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Engine;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.engine.PrivateDocker;
import io.perigee.testkit.image.JobImage;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of strangers, run again by a real engine. */
class ImageTrainerIT {
    @TempDir
    Path directory;

    private final PrivateDocker docker = PrivateDocker.get();

    @Test
    void shouldRunTheSegmentAndLeaveItsCheckpoint() throws IOException {
        // given
        var stretch = stretch();

        // when
        var ended = trainer("honest", 100_000_000).run(stretch);

        // then
        assertThat(ended.exit()).as(ended.errors()).isZero();
        assertThat(stretch.checkpoints().resolve("1/DONE")).exists();
    }

    @Test
    void shouldEndAnImageThatWritesMoreThanItsDisk() throws IOException {
        // given: it writes 400 MB and sleeps
        var trainer = trainer("disk-hog", 100_000_000);
        var stretch = stretch();

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> trainer.run(stretch))
                .withMessageContaining("at most the job's 100000000 bytes of disk");
        assertThat(docker.says("ps", "--all", "--quiet")).isBlank();
    }

    private ImageTrainer trainer(String behaviour, long disk) {
        var made = JobImage.of(behaviour);
        var spec = (ObjectNode) Json.tree(SampleJobs.strict(2));
        spec.put("image", made.image().value());
        ((ObjectNode) spec.path("resources")).put("disk", disk);
        return new ImageTrainer(
                new Engine("docker", docker.address()),
                Json.read((JsonNode) spec, JobSpec.class),
                () -> {
                    try {
                        return Files.write(directory.resolve("image.tar"), made.archive());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Duration.ofMinutes(2));
    }

    private Trainer.Stretch stretch() throws IOException {
        var work = directory.resolve("work");
        for (var part : new String[] {"base", "dataset", "work/checkpoints", "work/outputs"}) {
            Files.createDirectories(directory.resolve(part));
        }
        Files.writeString(work.resolve("progress.jsonl"), "");
        return new Trainer.Stretch(
                "a-run",
                Files.write(work.resolve("job.json"), CanonicalJson.bytes(SampleJobs.strict(2))),
                directory.resolve("base"),
                directory.resolve("dataset"),
                directory.resolve("checkpoint"),
                work,
                0,
                1);
    }
}
