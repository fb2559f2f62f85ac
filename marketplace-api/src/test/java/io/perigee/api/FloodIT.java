package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.result.Opening;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent that says everything very often: what it says once is stored, and for as long as the log is. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FloodIT {
    private SampleProvider provider;
    private TestAgent agent;

    @BeforeEach
    void connect() {
        provider = SampleProvider.of("flood-" + UUID.randomUUID());
        agent = TestAgent.connect(provider);
    }

    @AfterEach
    void hangUp() {
        agent.vanish();
    }

    @Test
    void shouldStoreNothingOfAnOfferThatIsSaidAgain() {
        // when
        for (int i = 0; i < 10_000; i++) {
            agent.say(new AgentMessage.OfferChanged(provider.offer()));
            if (i % 100 == 0) {
                heard();
            }
        }
        heard();

        // then: the log-in's
        assertThat(stored(provider.id().value(), ProviderOnline.class)).isEqualTo(1);
    }

    @Test
    void shouldTakeBackWhoWasGoneAndSaysItsOfferAgain() {
        // given
        Log.execute("update api.agent set online = false where provider = '%s'".formatted(provider.id()));

        // when
        agent.say(new AgentMessage.OfferChanged(provider.offer()));
        heard();

        // then
        assertThat(Log.count(
                        "select count(*) from api.agent where online and provider = ?",
                        provider.id().value()))
                .isEqualTo(1);
        assertThat(stored(provider.id().value(), ProviderOnline.class)).isEqualTo(2);
    }

    @Test
    void shouldStoreAReportOnceWhateverItsRef() {
        // given
        var job = Door.open().job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var opened = run.reveal(4);
        var outputs = Door.directory(agent.token(), Map.of("adapter_model.safetensors", "weights"));
        var signature = provider.session().sign(new Acceptance(run.hash()).digest(Parties.DOMAIN));

        // when
        for (int i = 0; i < 1_000; i++) {
            agent.say(new AgentMessage.Accept(UUID.randomUUID(), job.id(), run.hash(), signature));
            agent.next(HubMessage.Ack.class);
        }
        for (int i = 0; i < 10; i++) {
            var salt = new Digest("0x" + Integer.toString(i).repeat(64));
            var opening = new Opening(opened.opening().root(), 4, outputs.digest(), salt);
            agent.say(new AgentMessage.Reveal(
                    UUID.randomUUID(), job.id(), run.hash(), 4, opening, opened.segments(), outputs, null));
            agent.next(HubMessage.Ack.class);
        }

        // then
        assertThat(stored(job.id().toString(), AcceptAssignment.class)).isEqualTo(1);
        assertThat(stored(job.id().toString(), RevealResult.class)).isEqualTo(1);
    }

    @Test
    void shouldStoreACheckpointAgainOnceItIsAskedFor() {
        // given: given in passing, which is no answer
        var job = Door.open().job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var checkpoint = Door.directory(
                agent.token(),
                Map.of(
                        "adapter.safetensors",
                        "a",
                        "optimizer.safetensors",
                        "o",
                        "state.json",
                        "{}",
                        "metrics.jsonl",
                        ""));
        served(job.id(), run.hash(), checkpoint);
        served(job.id(), run.hash(), checkpoint);

        // when
        Log.publish(new CheckpointRequested(
                job.id(), 0, 2, Instant.now().plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.MICROS)));
        agent.next(HubMessage.CheckpointRequest.class);
        served(job.id(), run.hash(), checkpoint);
        served(job.id(), run.hash(), checkpoint);

        // then
        assertThat(stored(job.id().toString(), ServeCheckpoint.class)).isEqualTo(2);
    }

    private void served(
            io.perigee.protocol.id.JobId job, Digest assignment, io.perigee.protocol.id.ContentId checkpoint) {
        agent.say(new AgentMessage.Checkpoint(UUID.randomUUID(), job, assignment, 2, checkpoint));
        agent.next(HubMessage.Ack.class);
    }

    /** All that was said before was heard. */
    private void heard() {
        agent.say(new AgentMessage.VerdictRefused(
                UUID.randomUUID(), Ids.jobId(), Digest.ZERO, VerdictRefusal.TOO_EARLY, "Expected …, but …"));
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.NOT_ASSIGNED);
    }

    private static long stored(String key, Class<?> kind) {
        return Log.outbox(key).stream()
                .filter(envelope -> kind.isInstance(envelope.body()))
                .count();
    }
}
