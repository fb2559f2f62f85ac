package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.testkit.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {
    @Test
    void shouldGiveEachPartItsTurnThoughTheOnesBeforeItFail() throws Exception {
        // given
        var turns = new CountDownLatch(3);
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        var parts = List.of(
                Loop.Part.once("away", () -> {
                    throw new ChainUnavailable("the node is away");
                }),
                Loop.Part.once("broken", () -> {
                    throw new IllegalStateException("a fault of ours");
                }),
                Loop.Part.once("answers", turns::countDown));

        // when
        boolean reached;
        try (var loop = Loop.start("parts", Duration.ofMillis(1), parts, failed::add)) {
            reached = turns.await(20, TimeUnit.SECONDS);
        }

        // then
        assertThat(reached).isTrue();
        assertThat(failed).startsWith("away", "broken", "away", "broken");
        assertThat(failed).containsOnly("away", "broken");
    }

    @Test
    void shouldGoOnAtOnceAsLongAsOnePartHasMore() throws Exception {
        // given
        var turns = new CountDownLatch(100);
        var parts = List.of(
                new Loop.Part("more", () -> {
                    turns.countDown();
                    return turns.getCount() > 0;
                }),
                Loop.Part.once("done", () -> {}));

        // when
        boolean reached;
        try (var loop = Loop.start("parts", Duration.ofMinutes(10), parts, name -> {})) {
            reached = turns.await(20, TimeUnit.SECONDS);
        }

        // then
        assertThat(reached).isTrue();
    }

    @Test
    void shouldSayThatAnErrorOfTheMachineEndedIt() throws Exception {
        // given
        var parts = List.of(Loop.Part.once("deep", () -> {
            throw new StackOverflowError();
        }));

        // when
        try (var loop = Loop.start("parts", Duration.ofMillis(1), parts, name -> {})) {
            // then
            Await.until(
                    Duration.ofSeconds(20), () -> !loop.alive(), () -> "Expected the loop to say that it has ended");
        }
    }
}
