package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine may be gone at any moment: what others need to go on from its work is with the hub before. */
final class PassingIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Parties parties;
    private FakeHub hub;
    private @Nullable Agent agent;

    @BeforeEach
    void start() throws IOException {
        var home = RunningAgent.at(directory.resolve("a"));
        parties = home.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        home.enrol(parties, hub.url(), "perigee.agent.checkpoint-every=1");
        agent = home.start();
        awaitSlot();
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        hub.close();
    }

    @Test
    void shouldOpenASealedBorderWithItsCheckpointWhileTheRunGoesOn() throws IOException {
        // given
        var work = work().audited().build();

        // when
        var hash = hub.assign(work);
        var reveal = hub.await(AgentMessage.Reveal.class, m -> m.border() == 2, LONG);

        // then
        assertThat(hub.heard(AgentMessage.Reveal.class))
                .extracting(AgentMessage.Reveal::border)
                .startsWith(1);
        assertThat(reveal.outputs()).isNull();
        assertThat(reveal.segments()).hasSize(2);
        assertThat(hub.heard(AgentMessage.Commit.class))
                .filteredOn(commit -> commit.commitment().toBorder() == 2)
                .extracting(commit -> commit.commitment().seal())
                .containsOnly(Seal.of(hash, 2, reveal.opening()));
        assertThat(hub.file(reveal.checkpoint(), "adapter.safetensors"))
                .isEqualTo("adapter 2\n".getBytes(StandardCharsets.UTF_8));
        try (var engine = PrivateEngine.get().connect()) {
            assertThat(engine.list(Map.of(Sandbox.ASSIGNMENT_LABEL, hash.value())))
                    .hasSize(1);
        }
    }

    /** What came in passing came before its leaf was open; a message that the hub has heard already says nothing. */
    @Test
    void shouldServeACheckpointAgainThatIsAskedForAfterItCameInPassing() throws IOException {
        // given
        var work = work().audited().build();
        var hash = hub.assign(work);
        var passing = hub.await(AgentMessage.Checkpoint.class, m -> m.border() == 1, LONG);

        // when
        hub.ask(new HubMessage.CheckpointRequest(
                work.jobId(), hash, 1, Instant.now().plus(LONG)));
        var asked = hub.await(
                AgentMessage.Checkpoint.class, m -> m.border() == 1 && !m.ref().equals(passing.ref()), LONG);

        // then
        assertThat(asked.checkpoint()).isEqualTo(passing.checkpoint());
    }

    @Test
    void shouldOpenNothingInPassingBeforeTheReceiptIsHere() throws IOException {
        // given
        hub.receipts = false;
        hub.assign(work().audited().build());
        hub.await(AgentMessage.Checkpoint.class, m -> m.border() == 2, LONG);
        var before = hub.heard(AgentMessage.Reveal.class);

        // when
        hub.heard(AgentMessage.Commit.class).forEach(hub::receipt);

        // then
        hub.await(AgentMessage.Reveal.class, m -> m.border() == 2, LONG);
        assertThat(before).isEmpty();
    }

    @Test
    void shouldOpenNothingInPassingWhereReplicasAgree() throws IOException {
        // given
        hub.assign(work().build());

        // when
        hub.await(AgentMessage.Commit.class, m -> m.commitment().toBorder() == 2, LONG);

        // then
        assertThat(hub.heard(AgentMessage.Checkpoint.class)).isEmpty();
        assertThat(hub.heard(AgentMessage.Reveal.class)).isEmpty();
    }

    /** Two borders, and then it goes on until it is killed. */
    private AWork work() {
        var image = JobImage.of("stubborn");
        hub.store(image);
        return AWork.of(parties).image(image);
    }

    private void awaitSlot() {
        hub.until(
                () -> hub.heard(AgentMessage.OfferChanged.class).stream()
                                .anyMatch(o -> o.offer().slots() > 0)
                        || hub.heard(AgentMessage.Hello.class).stream()
                                .anyMatch(h -> h.offer().slots() > 0),
                LONG,
                "an offer with a slot");
    }
}
