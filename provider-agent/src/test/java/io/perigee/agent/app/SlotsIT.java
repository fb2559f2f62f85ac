package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.offer.Offer;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a busy agent offers, and what it refuses. */
final class SlotsIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private Parties parties;
    private FakeHub hub;
    private Agent agent;

    @BeforeEach
    void start() throws IOException {
        var running = RunningAgent.at(home.resolve("agent"));
        parties = running.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        agent = running.enrol(parties, hub.url(), "perigee.agent.slots=2").start();
        hub.until(() -> slots().contains(2), LONG, "an offer of two slots");
    }

    @AfterEach
    void stop() {
        agent.close();
        hub.close();
    }

    @Test
    void shouldOfferEverySlotWhileBusyAndDeclineWhatItHasNoneFor() {
        // given
        var accepted = Stream.generate(() -> work("stubborn").cpus(1).build())
                .limit(2)
                .map(hub::assign)
                .toList();
        accepted.forEach(hash -> hub.await(
                AgentMessage.Commit.class, c -> c.commitment().assignmentHash().equals(hash), LONG));
        var before = slots().size();

        // when
        var third = hub.assign(work("honest").build());
        var declined = hub.await(AgentMessage.Decline.class);
        hub.dropConnections();
        hub.until(() -> hub.logins == 2, LONG, "a second login");

        // then
        assertThat(declined.assignmentHash()).isEqualTo(third);
        assertThat(declined.detail()).isEqualTo("Expected a free slot, but all 2 are in use");
        assertThat(slots().subList(before - 1, slots().size())).containsOnly(2);
        assertThat(status().freeSlots()).isZero();
    }

    private AWork work(String behaviour) {
        var image = JobImage.of(behaviour);
        hub.store(image);
        return AWork.of(parties).image(image);
    }

    /** The slots of every offer made so far. */
    private List<Integer> slots() {
        return hub.heard().stream()
                .flatMap(message -> switch (message) {
                    case AgentMessage.Hello hello -> Stream.of(hello.offer());
                    case AgentMessage.OfferChanged changed -> Stream.of(changed.offer());
                    default -> Stream.<Offer>of();
                })
                .map(Offer::slots)
                .toList();
    }

    private Status status() {
        try {
            return StatusFile.read(home.resolve("agent/status.json")).orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
