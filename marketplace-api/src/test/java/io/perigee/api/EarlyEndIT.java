package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Salts;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A job that its builder cancels, as the front door passes it on. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class EarlyEndIT {
    private static final int PART = 2;

    private Door door;
    private JobView job;

    @BeforeEach
    void submit() {
        door = Door.open();
        job = door.job();
    }

    @Test
    void shouldTakeTheOpeningOfAPartAfterThatOfTheWhole() {
        // given
        var provider = SampleProvider.of("finished-" + UUID.randomUUID());
        var agent = TestAgent.dial(provider);
        agent.hello();
        var token = agent.next(HubMessage.Welcome.class).artifactToken();
        var run = Assigning.assigned(provider, job);
        var part = commitment(run, run.opening(PART), PART);
        var outputs = Door.directory(token, Map.of("adapter_model.safetensors", "weights"));
        var whole = whole(run, outputs);
        agent.next(HubMessage.AssignmentOffer.class);
        Log.publish(new AttemptStarted(job.id(), 0, run.accept().signature()));
        agent.vanish();
        receipted(run, part);
        receipted(run, commitment(run, whole, job.borders()));
        Await.until(Log.SOON, () -> sealed(job.borders()), () -> "the last receipt is not on record");
        agent = TestAgent.connect(provider);
        agent.say(reveal(run, job.borders(), whole, outputs));
        agent.next(HubMessage.Ack.class);
        Log.publish(new ResultRevealed(job.id(), 0, whole, run.segments(job.borders()), job.borders(), outputs, null));

        // when
        Log.publish(new RevealRequested(job.id(), 0, PART, "CANCELLED"));
        var receipt = agent.next(HubMessage.ReceiptGiven.class);
        while (receipt.commitment().toBorder() != PART) {
            receipt = agent.next(HubMessage.ReceiptGiven.class);
        }
        var request = agent.next(HubMessage.RevealRequest.class);
        var reveal = reveal(run, PART, run.opening(PART), null);
        agent.say(reveal);

        // then
        assertThat(receipt.commitment()).isEqualTo(part);
        assertThat(request.border()).isEqualTo(PART);
        assertThat(agent.next(HubMessage.Ack.class).ref()).isEqualTo(reveal.ref());
        assertThat(commands(RevealResult.class))
                .extracting(RevealResult::border)
                .containsExactly(job.borders(), PART);
        Log.publish(new ResultRevealed(job.id(), 0, run.opening(PART), run.segments(PART), PART, null, null));
        Await.until(Log.SOON, () -> open("reveal-request") == 0, () -> "the opening came, but it is still asked for");
        assertThat(door.job(job.id()).attempts().getFirst().state()).isEqualTo(AttemptState.REVEALED);
        agent.close();
    }

    @Test
    void shouldShowARunOfAnAuditedJobAsOpenOnceItsPartIs() {
        // given
        var spec = door.spec();
        spec.set("verification", Json.tree(Map.of("policy", "audit")));
        job = door.job(spec);
        var provider = SampleProvider.of("cancelled-" + UUID.randomUUID());
        var run = Assigning.assigned(provider, job);
        Log.publish(new AttemptStarted(job.id(), 0, run.accept().signature()));
        receipted(run, commitment(run, run.opening(PART), PART));
        Log.publish(new RevealRequested(job.id(), 0, PART, "CANCELLED"));
        Await.until(Log.SOON, () -> open("reveal-request") == 1, () -> "the part is not asked for");
        var before = door.job(job.id()).attempts().getFirst().state();

        // when
        Log.publish(new ResultRevealed(job.id(), 0, run.opening(PART), run.segments(PART), PART, null, null));
        Await.until(Log.SOON, () -> open("reveal-request") == 0, () -> "the opening did not come");

        // then
        assertThat(before).isEqualTo(AttemptState.RUNNING);
        assertThat(door.job(job.id()).attempts().getFirst().state()).isEqualTo(AttemptState.REVEALED);
    }

    @Test
    void shouldPassOnALaterCancelWhenTheFirstWasRefused() {
        // given
        cancel();
        cancel();
        var first = cancels().getFirst();
        Log.publish(new CommandRejected(job.id(), UUID.randomUUID(), ErrorCode.CONFLICT, "another command"));
        Log.publish(new CommandRejected(job.id(), first.id(), ErrorCode.WRONG_STATE, "sealed by all"));
        Await.until(
                Log.SOON,
                () -> door.get("/jobs/{id}/timeline", job.id()).asString().contains("sealed by all"),
                () -> "the refusal did not arrive");

        // when
        cancel();
        cancel();

        // then
        assertThat(cancels()).hasSize(2).extracting(Envelope::id).doesNotHaveDuplicates();
    }

    private void cancel() {
        door.asking().post("/api/v1/jobs/" + job.id() + "/cancel").then().statusCode(202);
    }

    private List<Envelope> cancels() {
        return Log.outbox(job.id().toString()).stream()
                .filter(envelope -> envelope.body() instanceof CancelJob)
                .toList();
    }

    private <T> List<T> commands(Class<T> type) {
        return Log.outbox(job.id().toString()).stream()
                .map(Envelope::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private long open(String kind) {
        return Log.count(
                "select count(*) from api.delivery where job = ? and open and kind = '" + kind + "'",
                job.id().value());
    }

    private boolean sealed(int border) {
        return Log.count(
                        "select count(*) from api.attempt where job = ? and border = " + border,
                        job.id().value())
                == 1;
    }

    private static Commitment commitment(SampleRun run, Opening opening, int border) {
        return new Commitment(run.hash(), border, Seal.of(run.hash(), border, opening));
    }

    private Opening whole(SampleRun run, ContentId outputs) {
        int last = job.borders();
        return new Opening(
                run.opening(last).root(),
                last,
                outputs.digest(),
                Salts.derive(run.provider().session(), run.hash(), last));
    }

    private AgentMessage.Reveal reveal(SampleRun run, int border, Opening opening, ContentId outputs) {
        return new AgentMessage.Reveal(
                UUID.randomUUID(), job.id(), run.hash(), border, opening, run.segments(border), outputs, null);
    }

    private void receipted(SampleRun run, Commitment commitment) {
        var receipt =
                new Receipt(commitment.digest(Parties.DOMAIN), Instant.now().getEpochSecond(), 0);
        Log.publish(new ResultCommitted(
                job.id(),
                0,
                commitment,
                run.provider().session().sign(commitment.digest(Parties.DOMAIN)),
                receipt,
                Parties.HUB.sign(receipt.digest(Parties.DOMAIN))));
    }
}
