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
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that ends early: the hub asks for a part, and whoever has done it opens it, whatever it did since. */
final class HaltIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private RunningAgent home;
    private Parties parties;
    private FakeHub hub;
    private @Nullable Agent agent;
    private @Nullable Process process;

    @BeforeEach
    void start() throws IOException {
        home = RunningAgent.at(directory.resolve("a"));
        parties = home.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        home.enrol(parties, hub.url());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.close();
        }
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        hub.close();
    }

    @Test
    void shouldOpenAPrefixWhenTheHubAsksAlthoughTheJobIgnoresSigterm() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        var work = work("stubborn").build();
        var hash = hub.assign(work);
        hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 2, LONG);

        // when
        hub.say(new HubMessage.RevealRequest(work.jobId(), hash, 1, "cancelled"));
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        assertThat(reveal.border()).isEqualTo(1);
        assertThat(reveal.segments()).hasSize(1);
        assertThat(reveal.outputs()).isNull();
        assertThat(reveal.opening().outputDigest()).isEqualTo(Digest.ZERO);
        assertThat(Seal.of(hash, 1, reveal.opening()))
                .isEqualTo(hub.heard(AgentMessage.Commit.class)
                        .getFirst()
                        .commitment()
                        .seal());
        assertThat(hub.file(reveal.checkpoint(), "adapter.safetensors"))
                .isEqualTo("adapter 1\n".getBytes(StandardCharsets.UTF_8));
        assertThat(containers()).isEmpty();
    }

    @Test
    void shouldOpenAPartWhenTheHubAsksAfterTheWholeWasOpened() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        var work = work("honest").build();
        var hash = hub.assign(work);
        hub.await(AgentMessage.Reveal.class, reveal -> reveal.border() == 3, LONG);

        // when
        hub.say(new HubMessage.RevealRequest(work.jobId(), hash, 2, "CANCELLED"));
        var reveal = hub.await(AgentMessage.Reveal.class, m -> m.border() == 2, Duration.ofSeconds(20));

        // then
        assertThat(Seal.of(hash, 2, reveal.opening())).isEqualTo(seal(2));
        assertThat(reveal.segments()).hasSize(2);
        assertThat(reveal.outputs()).isNull();
        assertThat(hub.file(reveal.checkpoint(), "state.json"))
                .isEqualTo("{\"step\":16}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldOpenThePartAskedForLastWhenNoReceiptCameBefore() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        hub.receipts = false;
        var work = work("honest").build();
        var hash = hub.assign(work);
        hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 3, LONG);

        // when
        hub.say(new HubMessage.RevealRequest(work.jobId(), hash, 2, "CANCELLED"));
        hub.say(new HubMessage.RevealRequest(work.jobId(), hash, 1, "CANCELLED"));
        hub.heard(AgentMessage.Commit.class).forEach(hub::receipt);
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        assertThat(reveal.border()).isEqualTo(1);
        assertThat(Seal.of(hash, 1, reveal.opening())).isEqualTo(seal(1));
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldOpenThePartAfterAKillAndSayItAgainAfterAnother() throws IOException, InterruptedException {
        // given
        process = home.process();
        awaitSlot();
        var work = work("honest").build();
        var hash = hub.assign(work);
        hub.await(AgentMessage.Reveal.class, reveal -> reveal.border() == 3, LONG);
        hub.answersUploads = false;
        hub.say(new HubMessage.RevealRequest(work.jobId(), hash, 2, "CANCELLED"));
        hub.until(() -> phases().equals(List.of("halted")), LONG, "a halted attempt");

        // when
        process.destroyForcibly().waitFor();
        hub.answersUploads = true;
        process = home.process();
        var first = hub.await(AgentMessage.Reveal.class, reveal -> reveal.border() == 2, LONG);
        hub.until(() -> outboxIsEmpty(), LONG, "an empty outbox");
        process.destroyForcibly().waitFor();
        process = home.process();

        // then
        hub.until(() -> openings(2).size() == 2, LONG, "the opening of border 2 again");
        assertThat(openings(2)).containsOnly(first);
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    private AWork work(String behaviour) {
        var image = JobImage.of(behaviour);
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

    private Digest seal(int border) {
        return hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == border, LONG)
                .commitment()
                .seal();
    }

    private List<AgentMessage.Reveal> openings(int border) {
        return hub.heard(AgentMessage.Reveal.class).stream()
                .filter(reveal -> reveal.border() == border)
                .toList();
    }

    private List<String> phases() {
        try {
            return StatusFile.read(home.home().resolve("status.json")).stream()
                    .flatMap(status -> status.attempts().stream())
                    .map(Status.Work::phase)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean outboxIsEmpty() {
        try (var files = Files.list(home.home().resolve("outbox"))) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<?> containers() {
        try (var engine = PrivateEngine.get().connect()) {
            return engine.list(Map.of(Sandbox.PROVIDER_LABEL, parties.provider().value()));
        }
    }
}
