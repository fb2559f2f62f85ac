package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.ContainerSpec.Scratch;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.agent.sandbox.docker.DockerEngine;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.image.JobImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real engine; images of names that no other test uses. */
final class LoadedImagesIT {
    private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");
    private static final ContentId FIRST = JobImage.of("kept-1").image();
    private static final ContentId SECOND = JobImage.of("kept-2").image();
    private static final ContentId THIRD = JobImage.of("kept-3").image();

    @TempDir
    private Path directory;

    private final DockerEngine engine = PrivateEngine.get().connect();

    @AfterEach
    void remove() throws Exception {
        List.of(FIRST, SECOND, THIRD).forEach(engine::remove);
        engine.close();
    }

    @Test
    void shouldRemoveWhatWasNotWantedForLongestAndNothingOfTheOwners() throws IOException {
        // given
        load("kept-3"); // the owner's own
        bring("kept-1", 0);
        bring("kept-2", 20);
        loaded(40, 0).wanted(FIRST);
        loaded(40, 0).wanted(THIRD);

        // when
        loaded(60, engine.size(FIRST)).makeRoom();

        // then
        assertThat(engine.has(FIRST)).isTrue();
        assertThat(engine.has(SECOND)).isFalse();
        assertThat(engine.has(THIRD)).isTrue();
    }

    @Test
    void shouldKeepWhatAContainerIsOfOrMaySoonBe() throws IOException {
        // given
        bring("kept-1", 0);
        bring("kept-2", 55);
        bring("kept-3", 60);
        var container = engine.start(container(FIRST));

        // when
        loaded(61, 1).makeRoom();
        boolean used = engine.has(FIRST);
        boolean soon = engine.has(SECOND);
        engine.remove(container);
        loaded(90, 1).makeRoom();

        // then
        assertThat(List.of(used, soon)).containsOnly(true);
        assertThat(List.of(engine.has(FIRST), engine.has(SECOND))).containsOnly(false);
        assertThat(engine.has(THIRD)).isTrue();
    }

    /** What a job brought at a minute. */
    private void bring(String behaviour, int minute) throws IOException {
        loaded(minute, 0).load(JobImage.of(behaviour).image());
        load(behaviour);
    }

    private void load(String behaviour) throws IOException {
        var made = JobImage.of(behaviour);
        var file = directory.resolve("image-" + behaviour);
        Files.write(file, made.archive());
        var clean = new ByteArrayOutputStream();
        new ImageArchive(file, made.image(), 1L << 30).writeTo(clean);
        engine.load(new ByteArrayInputStream(clean.toByteArray()));
    }

    /** As a life of the agent that begins at a minute. */
    private LoadedImages loaded(int minute, long capacity) throws IOException {
        var notes = Files.createDirectories(directory.resolve("images"));
        var clock = Clock.fixed(START.plus(Duration.ofMinutes(minute)), ZoneOffset.UTC);
        return new LoadedImages(notes, capacity, engine, clock);
    }

    private static ContainerSpec container(ContentId image) {
        return new ContainerSpec(
                "perigee-" + UUID.randomUUID(),
                image,
                List.of(),
                Map.of(),
                Map.of("test", "loaded-images"),
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
}
