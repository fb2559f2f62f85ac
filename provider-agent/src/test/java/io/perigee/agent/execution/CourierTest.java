package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.artifact.ArtifactException;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.testing.AWork;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The adversary is a line that is slow, a hub that says no at first, and a clock. */
@Timeout(60)
final class CourierTest {
    @TempDir
    private Path directory;

    private final Cancellation cancellation = new Cancellation();
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();
    private Trouble trouble = () -> {};

    private AttemptLab lab;
    private AttemptRecord attempt;
    private Courier courier;

    /** What befalls the first upload. */
    @FunctionalInterface
    private interface Trouble {
        void befall() throws IOException, InterruptedException;
    }

    @BeforeEach
    void build() {
        lab = new AttemptLab(directory);
        lab.artifacts = new AttemptLab.Nowhere() {
            @Override
            public void upload(
                    ContentId id,
                    long size,
                    String mediaType,
                    Source source,
                    Duration patience,
                    Cancellation cancellation)
                    throws IOException, InterruptedException {
                if (uploads.incrementAndGet() == 1) {
                    try {
                        trouble.befall();
                    } catch (InterruptedException e) {
                        stopped.incrementAndGet();
                        throw e;
                    }
                }
            }
        };
        attempt = lab.sealed(lab.accepted(AWork.of(lab.parties).audited()), 10)
                .in(new Phase.Running("container", Instant.now(), null));
        var files = new JobFiles(lab.record(attempt).resolve("job"));
        courier = new Courier(lab.tools(), files, cancellation, signals::add);
    }

    @AfterEach
    void end() {
        cancellation.cancel();
        courier.leaveUnasked();
    }

    @Test
    void shouldServeWhatIsAskedForAfterAnError() throws Exception {
        // given
        trouble = () -> {
            throw new StackOverflowError("A fault");
        };
        courier.offer(attempt, 8);
        Await.until(Duration.ofSeconds(20), () -> uploads.get() > 0, () -> "nothing was uploaded");

        // when
        courier.serve(attempt, 3, soon());

        // then
        assertThat(lab.hub.hear(AgentMessage.Checkpoint.class).border()).isEqualTo(3);
    }

    @Test
    void shouldAskAgainUntilItIsTooLate() throws Exception {
        // given
        trouble = () -> {
            throw new ArtifactException("Expected to be let in, but the hub answered 422", true);
        };

        // when
        courier.serve(attempt, 3, soon());

        // then
        assertThat(lab.hub.hear(AgentMessage.Checkpoint.class).border()).isEqualTo(3);
    }

    @Test
    void shouldSayLaterWhatTheOutboxHasNoRoomFor() throws Exception {
        // given
        lab.hub.fullOf = AgentMessage.Checkpoint.class;
        lab.hub.full.set(2);

        // when
        courier.serve(attempt, 3, soon());

        // then
        assertThat(lab.hub.hear(AgentMessage.Checkpoint.class).border()).isEqualTo(3);
    }

    /** By this machine's clock nobody waits any more; by the hub's, who asked, it has just begun to. */
    @Test
    void shouldServeWhatIsAskedForHoweverFarItsClockIsAhead() throws Exception {
        // given
        trouble = () -> {
            throw new ArtifactException("Expected to be let in, but the hub answered 422", true);
        };

        // when
        courier.serve(attempt, 3, Instant.now().minus(Duration.ofDays(1)));

        // then
        assertThat(lab.hub.hear(AgentMessage.Checkpoint.class).border()).isEqualTo(3);
    }

    @Test
    void shouldStopWhatNobodyAskedForWhenSomethingIsDueAndGoOnWithItThen() throws Exception {
        // given
        trouble = new CountDownLatch(1)::await;
        courier.offer(attempt, 8);
        Await.until(Duration.ofSeconds(20), () -> uploads.get() > 0, () -> "nothing was uploaded");

        // when
        courier.serve(attempt, 3, soon());
        var first = lab.hub.hear(AgentMessage.Checkpoint.class);
        var second = lab.hub.hear(AgentMessage.Checkpoint.class);

        // then
        assertThat(first.border()).isEqualTo(3);
        assertThat(second.border()).isEqualTo(8);
        assertThat(signals.take()).isInstanceOf(Signal.Uploaded.class);
        assertThat(stopped).hasValue(1);
    }

    @Test
    void shouldLeaveTheLineToWhatIsDueOnceTheRunIsOver() throws Exception {
        // given
        trouble = new CountDownLatch(1)::await;
        courier.offer(attempt, 8);
        Await.until(Duration.ofSeconds(20), () -> uploads.get() > 0, () -> "nothing was uploaded");

        // when
        courier.leaveUnasked();
        Await.until(Duration.ofSeconds(20), () -> stopped.get() > 0, () -> "it goes on");
        courier.offer(attempt, 8);
        courier.serve(attempt, 9, soon());

        // then
        assertThat(lab.hub.hear(AgentMessage.Checkpoint.class).border()).isEqualTo(9);
        assertThat(lab.hub.rest()).isEmpty();
    }

    /** It may be run again at this moment; only who is asked for what it sealed must have it. */
    @Test
    void shouldBlameNobodyForWhatNobodyAskedFor() throws Exception {
        // given
        lab.torn.add(8);

        // when
        courier.offer(attempt, 8);
        courier.serve(attempt, 9, soon());
        lab.hub.hear(AgentMessage.Checkpoint.class);
        boolean unasked = signals.stream().anyMatch(Signal.Spoilt.class::isInstance);
        courier.serve(attempt, 8, soon());

        // then
        assertThat(unasked).isFalse();
        assertThat(signals.take()).isInstanceOf(Signal.Spoilt.class);
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(30);
    }
}
