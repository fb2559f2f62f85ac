package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.Quickstart;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real training that a killed provider began and another owner's provider ends, to the same bits. */
final class PortableIT {
    private static final Duration LONG = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    private final Parties parties = Parties.fresh();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeHub hub;
    private AssignmentOffer whole;
    private AgentMessage.Reveal undisturbed;
    private RunningAgent home;
    private Parties first;

    @BeforeEach
    void runUndisturbed() throws IOException {
        home = RunningAgent.at(directory.resolve("p"));
        first = home.keygen(parties);
        hub = new FakeHub(first);
        hub.heartbeatSeconds = 20;
        open.add(hub);
        home.enrol(first, hub.url());
        whole = Quickstart.at(hub, first, directory).build();
        try (var _ = home.start()) {
            awaitSlot();
            undisturbed = opened(whole);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void shouldEndWithTheSameBitsWhenAnotherProviderGoesOn() throws Exception {
        // given
        var vanishing = RunningAgent.at(directory.resolve("v"));
        var second = vanishing.keygen(parties.another());
        vanishing.enrol(second, hub.url());
        var process = vanishing.process();
        open.add(() -> process.destroyForcibly().waitFor(10, TimeUnit.SECONDS));
        var begun = AWork.of(second).build(whole);
        awaitSlot();
        hub.assign(begun);
        var hash = begun.assignment().digest(second.domain());
        hub.await(
                AgentMessage.Commit.class,
                commit -> commit.commitment().assignmentHash().equals(hash)
                        && commit.commitment().toBorder() == 3,
                LONG);
        hub.ask(new HubMessage.CheckpointRequest(
                whole.jobId(), hash, 2, Instant.now().plusSeconds(120)));
        var checkpoint = hub.await(
                        AgentMessage.Checkpoint.class, m -> m.assignmentHash().equals(hash), LONG)
                .checkpoint();
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        // when
        var successor = RunningAgent.at(directory.resolve("s"));
        var third = successor.keygen(parties.another());
        successor.enrol(third, hub.url());
        open.add(successor.start());
        awaitSlot();
        var rest = opened(AWork.of(third).resuming(2, checkpoint).build(whole));

        // then
        assertThat(rest.segments())
                .as("every file of every border after the checkpoint")
                .isEqualTo(undisturbed.segments().subList(2, 5));
        assertThat(rest.opening().leafCount()).isEqualTo(3);
        assertThat(rest.outputs()).isEqualTo(undisturbed.outputs());
        assertThat(hub.file(rest.outputs(), "adapter_model.safetensors"))
                .isEqualTo(hub.file(undisturbed.outputs(), "adapter_model.safetensors"));
    }

    @Test
    void shouldFindTheLeafOfASegmentThatItRunsAgain() throws Exception {
        // given
        open.add(home.start());
        awaitSlot();
        var hash = whole.assignment().digest(first.domain());
        hub.ask(new HubMessage.CheckpointRequest(
                whole.jobId(), hash, 3, Instant.now().plusSeconds(120)));
        var checkpoint = hub.await(AgentMessage.Checkpoint.class, m -> m.border() == 3, LONG)
                .checkpoint();
        var auditorHome = RunningAgent.at(directory.resolve("a"));
        var auditor = auditorHome.keygen(parties.another());
        auditorHome.enrol(auditor, hub.url());
        open.add(auditorHome.start());
        awaitSlot();

        // when
        var middle = opened(AWork.of(auditor).auditing(3, 4, checkpoint).build(whole));
        var start = opened(AWork.of(auditor).auditing(0, 1, null).build(whole));

        // then
        assertThat(middle.segments()).containsExactly(undisturbed.segments().get(3));
        assertThat(start.segments()).containsExactly(undisturbed.segments().get(0));
    }

    private AgentMessage.Reveal opened(AssignmentOffer work) {
        hub.assign(work);
        var hash = work.assignment().digest(parties.domain());
        return hub.await(AgentMessage.Reveal.class, m -> m.assignmentHash().equals(hash), LONG);
    }

    /** The agent that logged in last has a slot. */
    private void awaitSlot() {
        hub.until(
                () -> {
                    var slots = 0;
                    for (var message : hub.heard()) {
                        slots = switch (message) {
                            case AgentMessage.Hello m -> m.offer().slots();
                            case AgentMessage.OfferChanged m -> m.offer().slots();
                            default -> slots;
                        };
                    }
                    return slots > 0 && hub.online() > 0;
                },
                LONG,
                "an offer with a slot");
    }
}
