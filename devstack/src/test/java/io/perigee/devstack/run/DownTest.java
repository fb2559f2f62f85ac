package io.perigee.devstack.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.testkit.process.Child;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownTest {
    @TempDir
    private Path root;

    private Path state;
    private Child keeper;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        state = Files.createDirectories(root.resolve(".perigee"));
        keeper = Child.start(new Child.Command("keeper", List.of("sleep", "600"), root.resolve("keeper.log")));
    }

    @AfterEach
    void kill() {
        keeper.kill();
    }

    @Test
    void shouldEndAStackThatIsStillStarting() {
        // given
        KeeperNote.of(keeper.handle()).write(state);

        // when
        up().stop();

        // then
        assertThat(keeper.alive()).isFalse();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("not up yet").contains("The stack is down");
    }

    /** What says when a process started counts from when the system did, and that moves with the clock. */
    @Test
    void shouldKnowItThoughTheClockWasCorrected() {
        // given
        var started = keeper.handle().info().startInstant().orElseThrow();
        new KeeperNote(keeper.pid(), started.minusSeconds(1)).write(state);

        // when
        up().stop();

        // then
        assertThat(keeper.alive()).isFalse();
    }

    @Test
    void shouldLeaveAnotherProcessOfTheSameNumberAlone() {
        // given
        new KeeperNote(keeper.pid(), Instant.parse("2020-01-01T00:00:00Z")).write(state);

        // when
        up().stop();

        // then
        assertThat(keeper.awaitEnd(Duration.ofMillis(200))).isFalse();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("No stack is up");
    }

    private Up up() {
        return new Up(new Checkout(root), new Console(new PrintStream(said, true, StandardCharsets.UTF_8)));
    }
}
