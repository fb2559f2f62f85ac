package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trouble of the owner's machine costs nobody work that is done. */
final class TroubleIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private RunningAgent home;
    private Parties parties;
    private FakeHub hub;
    private @Nullable Agent agent;

    @BeforeEach
    void start() throws IOException {
        home = RunningAgent.at(directory.resolve("a"));
        parties = home.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        hub.receipts = false;
        home.enrol(parties, hub.url());
        agent = home.start();
        hub.until(
                () -> hub.heard(AgentMessage.OfferChanged.class).stream()
                        .anyMatch(o -> o.offer().slots() > 0),
                LONG,
                "an offer with a slot");
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        hub.close();
    }

    private HubMessage.AssignmentOffer work() {
        var image = JobImage.of("honest");
        hub.store(image);
        return AWork.of(parties).image(image).build();
    }

    private AgentMessage.Commit sealed() {
        return hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 3, LONG);
    }

    /** Where a new record is written: nothing can be while a directory stands there. */
    private Path place(Digest hash) {
        return home.home()
                .resolve("attempts")
                .resolve(hash.value().substring(2))
                .resolve(".attempt.json.tmp");
    }

    @Test
    void shouldOpenOnceThereIsRoomToStoreTheReceiptThatCameOnce() throws IOException {
        // given
        var hash = hub.assign(work());
        var last = sealed();
        hub.until(() -> Files.exists(place(hash).resolveSibling("attempt.json")), LONG, "a record");
        hub.until(() -> hub.uploaded().size() > 1, LONG, "uploaded results");
        Files.createDirectory(place(hash));

        // when
        hub.receipt(last);
        hub.until(() -> hub.heard(AgentMessage.Heartbeat.class).size() > 3, LONG, "some time");
        var early = hub.heard(AgentMessage.Reveal.class);
        Files.delete(place(hash));

        // then
        assertThat(hub.await(AgentMessage.Reveal.class).border()).isEqualTo(3);
        assertThat(early).isEmpty();
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldDeliverFinishedWorkThoughTheEngineIsAwayWhenItStarts() throws IOException {
        // given
        hub.assign(work());
        var last = sealed();
        hub.until(() -> hub.uploaded().size() > 1, LONG, "uploaded results");
        agent.close();
        home.enrol(parties, hub.url(), "perigee.agent.engine=unix:///nowhere/docker.sock");

        // when
        agent = home.start();
        hub.until(() -> hub.online() > 0, LONG, "the agent again");
        hub.receipt(last);

        // then
        assertThat(hub.await(AgentMessage.Reveal.class).border()).isEqualTo(3);
    }
}
