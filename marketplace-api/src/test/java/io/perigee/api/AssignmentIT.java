package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an agent hears of its assignments, and what it may report on them. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AssignmentIT {
    private SampleProvider provider;
    private TestAgent agent;

    @BeforeEach
    void dial() {
        provider = SampleProvider.of("agent-" + UUID.randomUUID());
        agent = TestAgent.dial(provider);
    }

    @AfterEach
    void hangUp() {
        agent.vanish();
    }

    @Test
    void shouldPassAnAssignmentOnAndOpenItsInputs() {
        // given
        var token = agent.welcomed().artifactToken();
        var job = Door.open().job();

        // when
        var assigned = Assigning.assign(provider, job);

        // then
        var offer = agent.next(HubMessage.AssignmentOffer.class);
        assertThat(offer.assignment()).isEqualTo(assigned.assignment());
        assertThat(offer.order()).isEqualTo(job.order());
        assertThat(offer.spec()).isEqualTo(job.spec());
        assertThat(offer.sessionSerial()).isEqualTo(1);
        var manifest = Door.asking(token).get("/api/v1/artifacts/" + job.spec().base());
        manifest.then().statusCode(200);
        var file = manifest.jsonPath().getString("[0].sha256");
        Door.asking(token).get("/api/v1/artifacts/" + file).then().statusCode(200);
        Door.asking(token).get("/api/v1/jobs").then().statusCode(403).body("code", equalTo("FORBIDDEN"));
    }

    /** What an agent says has the hub look, too, which would hide that nothing else does. */
    @Test
    void shouldPassAnAssignmentOnWithoutBeingAsked() {
        // given
        var job = Door.open().job();
        agent.hello();
        agent.next(HubMessage.Welcome.class);

        // when
        var assigned = Assigning.assign(provider, job);

        // then
        assertThat(agent.next(HubMessage.AssignmentOffer.class).assignment()).isEqualTo(assigned.assignment());
    }

    @Test
    void shouldRepeatWhatIsOpenAfterAReconnect() {
        // given
        agent.welcomed();
        var job = Door.open().job();
        Assigning.assign(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        agent.vanish();

        // when
        agent = TestAgent.connect(provider);

        // then
        assertThat(agent.next(HubMessage.AssignmentOffer.class).jobId()).isEqualTo(job.id());
    }

    @Test
    void shouldStoreAnAcceptanceOnceAndAckItEachTime() {
        // given
        agent.welcomed();
        var job = Door.open().job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var accept = new AgentMessage.Accept(
                UUID.randomUUID(), job.id(), run.hash(), run.accept().signature());

        // when
        agent.say(accept);
        agent.say(accept);

        // then
        assertThat(agent.next(HubMessage.Ack.class).ref()).isEqualTo(accept.ref());
        assertThat(agent.next(HubMessage.Ack.class).ref()).isEqualTo(accept.ref());
        assertThat(commands(job, AcceptAssignment.class)).singleElement().satisfies(envelope -> assertThat(
                        envelope.source())
                .isEqualTo(provider.id().value()));
    }

    @Test
    void shouldRefuseReportsOfAProviderThatWasNotAssigned() {
        // given
        var other = SampleProvider.of("other-" + UUID.randomUUID());
        agent.welcomed();
        var job = Door.open().job();
        var run = SampleRun.honest(other, Assigning.assign(other, job), true);
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.attempt where job = ?",
                                job.id().value())
                        == 1,
                () -> "no attempt");
        var commit = run.commit(4);

        // when
        agent.say(new AgentMessage.Commit(UUID.randomUUID(), job.id(), commit.commitment(), commit.signature()));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.NOT_ASSIGNED);
        agent.say(reveal(run, 2));
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.NOT_ASSIGNED);
        assertThat(commands(job, ReportCommitment.class)).isEmpty();
        assertThat(commands(job, RevealResult.class)).isEmpty();
    }

    @Test
    void shouldRefuseACommitmentSomebodyElseSigned() {
        // given
        agent.welcomed();
        var job = Door.open().job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var commitment = run.commit(4).commitment();
        var forged = provider.wallet().sign(commitment.digest(Parties.DOMAIN));

        // when
        agent.say(new AgentMessage.Commit(UUID.randomUUID(), job.id(), commitment, forged));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void shouldWalkAnAttemptThroughReceiptRevealAndVerdict() {
        // given
        agent.welcomed();
        var door = Door.open();
        var job = door.job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var commit = run.commit(2);
        agent.say(new AgentMessage.Commit(UUID.randomUUID(), job.id(), commit.commitment(), commit.signature()));
        agent.next(HubMessage.Ack.class);
        var receipt = new Receipt(
                commit.commitment().digest(Parties.DOMAIN), Instant.now().getEpochSecond(), 0);
        var receiptSignature = Parties.HUB.sign(receipt.digest(Parties.DOMAIN));

        // when
        Log.publish(new AttemptStarted(job.id(), 0, run.accept().signature()));
        Log.publish(
                new ResultCommitted(job.id(), 0, commit.commitment(), commit.signature(), receipt, receiptSignature));

        // then
        assertThat(agent.next(HubMessage.ReceiptGiven.class).receipt()).isEqualTo(receipt);
        Log.publish(new RevealRequested(job.id(), 0, 2, "CANCELLED"));
        assertThat(agent.next(HubMessage.RevealRequest.class).border()).isEqualTo(2);
        var reveal = reveal(run, 2);
        agent.say(reveal);
        assertThat(agent.next(HubMessage.Ack.class).ref()).isEqualTo(reveal.ref());
        Log.publish(new ResultRevealed(job.id(), 0, run.opening(2), run.segments(2), 2, null, null));
        Log.publish(new AttemptEnded(job.id(), 0, AttemptEnd.CANCELLED, null, null, "no longer needed"));
        agent.next(HubMessage.Stop.class);
        assertThat(agent.next(HubMessage.VerdictGiven.class).end()).isEqualTo(AttemptEnd.CANCELLED);
        var attempt = door.job(job.id()).attempts().getFirst();
        assertThat(attempt.state()).isEqualTo(AttemptState.CANCELLED);
        assertThat(attempt.root()).as("nothing is opened before the verdict").isNull();
        assertThat(door.get("/jobs/{id}/timeline", job.id()).asString())
                .doesNotContain(run.opening(2).root().value())
                .doesNotContain(run.opening(2).salt().value());
        agent.say(new AgentMessage.Commit(UUID.randomUUID(), job.id(), commit.commitment(), commit.signature()));
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.STALE_LEASE);
    }

    @Test
    void shouldRefuseARevealWhoseFilesWereNotUploaded() {
        // given
        agent.welcomed();
        var job = Door.open().job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);

        // when
        agent.say(reveal(run, 4));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.ARTIFACT_MISSING);
        assertThat(commands(job, RevealResult.class)).isEmpty();
    }

    @Test
    void shouldShowProgressButNotAllOfIt() {
        // given
        agent.welcomed();
        var door = Door.open();
        var job = door.job();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);

        // when
        for (int step = 1; step <= 200; step++) {
            agent.say(new AgentMessage.Progress(
                    job.id(), run.hash(), step, 200, step / 50, Decimal.parse("1.5"), null, null, null, 3));
        }

        // then
        Await.until(
                Log.SOON,
                () -> {
                    var progress = door.job(job.id()).attempts().getFirst().progress();
                    return progress != null && progress.step() == 200;
                },
                () -> "the last step is not shown");
        assertThat(Log.count(
                        "select count(*) from api.event where kind = 'progress' and job = ?",
                        job.id().value()))
                .isBetween(2L, 20L);
    }

    private static AgentMessage.Reveal reveal(SampleRun run, int border) {
        var command = run.bare(border);
        return new AgentMessage.Reveal(
                UUID.randomUUID(),
                command.jobId(),
                command.assignmentHash(),
                border,
                command.opening(),
                command.segments(),
                command.outputs(),
                command.checkpoint());
    }

    private static List<Envelope> commands(JobView job, Class<?>... types) {
        return Log.outbox(job.id().toString()).stream()
                .filter(envelope -> Arrays.stream(types).anyMatch(type -> type.isInstance(envelope.body())))
                .toList();
    }
}
