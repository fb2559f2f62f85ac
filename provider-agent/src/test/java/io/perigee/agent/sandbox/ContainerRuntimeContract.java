package io.perigee.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.sandbox.ContainerSpec.Mount;
import io.perigee.agent.sandbox.ContainerSpec.Scratch;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.image.JobImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine adapter must do; each adapter's test extends it with a real engine. */
public abstract class ContainerRuntimeContract {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final String label = UUID.randomUUID().toString();
    private final List<String> started = new ArrayList<>();

    @TempDir
    private Path directory;

    protected abstract ContainerRuntime runtime();

    protected abstract ImageStore images();

    @AfterEach
    void remove() {
        started.forEach(runtime()::remove);
    }

    private String start(String behaviour) throws IOException {
        return start(behaviour, UUID.randomUUID().toString(), Map.of("test", label));
    }

    private String start(String behaviour, String name, Map<String, String> labels) throws IOException {
        load(behaviour);
        var files = new JobFiles(directory.resolve(name));
        for (var writable : List.of(files.checkpoints(), files.outputs())) {
            Files.createDirectories(writable);
            Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        if (!Files.exists(files.progress())) {
            Files.createFile(
                    files.progress(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-")));
            Files.setPosixFilePermissions(files.progress(), PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        var id = runtime()
                .start(new ContainerSpec(
                        "perigee-" + name,
                        JobImage.of(behaviour).image(),
                        List.of(),
                        Map.of("PERIGEE_FROM", "0", "PERIGEE_TO", "3"),
                        labels,
                        User.NOBODY,
                        64_000_000,
                        1_000_000_000,
                        64,
                        new Scratch("/tmp", 1_000_000, User.NOBODY),
                        List.of(
                                new Mount(files.checkpoints(), "/perigee/checkpoints", false),
                                new Mount(files.outputs(), "/perigee/outputs", false),
                                new Mount(files.progress(), "/perigee/progress.jsonl", false)),
                        List.of(),
                        100_000,
                        Optional.empty()));
        started.add(id);
        return id;
    }

    private void load(String behaviour) throws IOException {
        var made = JobImage.of(behaviour);
        if (!images().has(made.image())) {
            load(made);
        }
    }

    private ContentId load(JobImage made) throws IOException {
        var file = directory.resolve("image-" + made.image().hex());
        Files.write(file, made.archive());
        var clean = new ByteArrayOutputStream();
        new ImageArchive(file, made.image(), 1L << 30).writeTo(clean);
        images().load(new ByteArrayInputStream(clean.toByteArray()));
        return made.image();
    }

    @Test
    void shouldKnowAnImageByItsDigestOnceItIsLoaded() throws IOException {
        // given
        boolean before = images().has(ContentId.parse("sha256:" + "0".repeat(64)));

        // when
        load("crash");

        // then
        assertThat(before).isFalse();
        assertThat(images().has(JobImage.of("crash").image())).isTrue();
    }

    @Test
    void shouldBlameAnImageWithoutAProgram() throws IOException {
        // given
        var none = load(AlteredImage.of("crash", config -> config.remove("Entrypoint")));
        var missing = load(
                AlteredImage.of("crash", config -> config.putArray("Entrypoint").add("/no/such/program")));
        var directory = load(
                AlteredImage.of("crash", config -> config.putArray("Entrypoint").add("/bin")));

        // when
        var refusals = List.of(none, missing, directory).stream()
                .map(image -> assertThatThrownBy(() -> started.add(runtime().start(spec(image)))))
                .toList();

        // then
        refusals.forEach(refusal -> refusal.isInstanceOf(UnusableImage.class));
        assertThat(runtime().describe().missing()).isEmpty();
    }

    @Test
    void shouldBlameAnImageThatTheEngineDoesNotTake() throws IOException {
        // given
        var image = AlteredImage.of("crash", config -> config.put("Env", "none"));

        // when
        var loaded = assertThatThrownBy(() -> load(image));

        // then
        loaded.isInstanceOf(UnusableImage.class);
        assertThat(images().has(image.image())).isFalse();
    }

    private static ContainerSpec spec(ContentId image) {
        return new ContainerSpec(
                "perigee-" + UUID.randomUUID(),
                image,
                List.of(),
                Map.of(),
                Map.of("test", "unusable"),
                User.NOBODY,
                64_000_000,
                1_000_000_000,
                64,
                new Scratch("/tmp", 1_000_000, User.NOBODY),
                List.of(),
                List.of(),
                100_000,
                Optional.empty());
    }

    @Test
    void shouldTellTheExitCodeAndTheLastWords() throws IOException {
        // given
        var container = start("bad-data");

        // when
        boolean ended = runtime().awaitExit(container, LONG);

        // then
        assertThat(ended).isTrue();
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Exited(65, false));
        assertThat(runtime().lastLines(container, 1, true)).containsExactly("row 7 of the dataset is no JSON");
    }

    @Test
    void shouldTellAKillForMemory() throws IOException {
        // given
        var container = start("oom");

        // when
        runtime().awaitExit(container, LONG);

        // then
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Exited(137, true));
    }

    @Test
    void shouldWaitNoLongerThanAsked() throws IOException {
        // given
        var container = start("stubborn");
        long before = System.nanoTime();

        // when
        boolean ended = runtime().awaitExit(container, Duration.ofMillis(300));

        // then
        assertThat(ended).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Running());
    }

    @Test
    void shouldLetAContainerEndByItselfWithinTheGracePeriod() throws IOException {
        // given
        var container = start("yields");
        awaitFile(container, "checkpoints/1/DONE");

        // when
        runtime().stop(container, Duration.ofSeconds(10));

        // then
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Exited(75, false));
    }

    @Test
    void shouldKillAContainerThatIgnoresTheGracePeriod() throws IOException {
        // given
        var container = start("stubborn");
        awaitFile(container, "checkpoints/2/DONE");

        // when
        runtime().stop(container, Duration.ofMillis(500));

        // then
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Exited(137, false));
    }

    @Test
    void shouldFindTheContainerWhenItIsStartedTwice() throws IOException {
        // given
        var name = UUID.randomUUID().toString();
        var first = start("stubborn", name, Map.of("test", label));

        // when
        var second = start("stubborn", name, Map.of("test", label));

        // then
        assertThat(second).isEqualTo(first);
        assertThat(runtime().list(Map.of("test", label))).hasSize(1);
    }

    @Test
    void shouldNotTakeAnotherPartysContainerOfTheSameName() throws IOException {
        // given
        var name = UUID.randomUUID().toString();
        start("stubborn", name, Map.of("test", "somebody else"));

        // when
        var second = assertThatThrownBy(() -> start("stubborn", name, Map.of("test", label)));

        // then
        second.isInstanceOf(EngineException.class).hasMessageContaining("other labels");
    }

    @Test
    void shouldListByLabelAndForgetWhatIsRemoved() throws IOException {
        // given
        var container = start("stubborn");
        start("stubborn", UUID.randomUUID().toString(), Map.of("test", "somebody else"));
        var before = runtime().list(Map.of("test", label));

        // when
        runtime().remove(container);
        runtime().remove(container);

        // then
        assertThat(before).extracting(ContainerRuntime.Found::id).containsExactly(container);
        assertThat(runtime().list(Map.of("test", label))).isEmpty();
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Missing());
        assertThat(runtime().awaitExit(container, LONG)).isTrue();
        assertThat(runtime().lastLines(container, 5, false)).isEmpty();
    }

    @Test
    void shouldTakeSignalsToAnEndedContainerCalmly() throws IOException {
        // given
        var container = start("crash");
        runtime().awaitExit(container, LONG);

        // when
        runtime().kill(container);
        runtime().stop(container, LONG);

        // then
        assertThat(runtime().inspect(container)).isEqualTo(new ContainerState.Exited(3, false));
    }

    @Test
    void shouldKeepOnlyTheEndOfAFloodOfOutput() throws IOException {
        // given
        var container = start("talks");
        runtime().awaitExit(container, LONG);

        // when
        var lines = runtime().lastLines(container, 3, false);

        // then
        assertThat(lines).hasSize(3).containsOnly("a line of no interest to anybody at all");
    }

    @Test
    void shouldSayThatEveryLimitIsThere() {
        // given
        var engine = runtime();

        // when
        var facts = engine.describe();

        // then
        assertThat(facts.missing()).isEmpty();
        assertThat(facts.runtimes()).contains("runc");
    }

    private void awaitFile(String container, String path) throws IOException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < deadline) {
            try (var attempts = Files.list(directory)) {
                if (attempts.anyMatch(attempt -> Files.exists(attempt.resolve(path)))) {
                    return;
                }
            }
            if (runtime().awaitExit(container, Duration.ofMillis(50))) {
                break;
            }
        }
        throw new AssertionError("Expected the container to write " + path + ", but it said "
                + runtime().lastLines(container, 5, false));
    }
}
