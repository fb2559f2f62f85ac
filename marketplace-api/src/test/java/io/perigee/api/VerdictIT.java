package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
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

/** A job from submission to settlement, with the front door between real agents and a scheduler that the test plays. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class VerdictIT {
    private static final Map<String, String> ADAPTER =
            Map.of("adapter_model.safetensors", "weights", "adapter_config.json", "{}");
    private static final Amount PRICE = Amount.of(1_000);

    private Door door;
    private JobView job;

    @BeforeEach
    void submit() {
        door = Door.open();
        job = door.job();
    }

    @Test
    void shouldOpenTheResultToTheBuilderWithTheVerdictAndProveIt() {
        // given
        var first = work(0);
        var second = work(1);
        var outputs =
                new ContentId("sha256:" + first.opening().outputDigest().value().substring(2));
        door.get("/artifacts/{id}", outputs).then().statusCode(404);
        assertThat(door.get("/jobs/{id}/timeline", job.id()).asString())
                .doesNotContain(first.opening().root().value());

        // when
        for (int attempt = 0; attempt < 2; attempt++) {
            Log.publish(new AttemptEnded(job.id(), attempt, AttemptEnd.VERIFIED, null, null, "agrees"));
        }
        Log.publish(new ResultAccepted(job.id(), new Payable(job.borders(), List.of(first, second), List.of())));
        Log.publish(new CreditsReserved(
                job.id(),
                "0xaa",
                9,
                100_000,
                payouts(first, second),
                Instant.now().plusSeconds(4)));
        Log.publish(new JobSettled(
                job.id(), List.of("0xaa", "0xbb"), 150_000, payouts(first, second), Amount.of(2_498_000), List.of()));
        Await.until(Log.SOON, () -> door.job(job.id()).state() == JobState.SETTLED, () -> "not settled");

        // then
        var settled = door.job(job.id());
        assertThat(settled.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(settled.paid()).isEqualTo(Amount.of(2_000));
        assertThat(settled.refunded()).isEqualTo(Amount.of(2_498_000));
        assertThat(settled.transactions()).containsExactly("0xaa", "0xbb");
        assertThat(settled.verifiedTo()).isEqualTo(job.borders());
        assertThat(settled.outputs()).isEqualTo(outputs);
        assertThat(settled.attempts()).allSatisfy(attempt -> {
            assertThat(attempt.root()).isEqualTo(first.opening().root());
            assertThat(attempt.paid()).isEqualTo(PRICE);
        });
        var manifest = door.get("/artifacts/{id}", outputs);
        manifest.then().statusCode(200);
        var file = manifest.jsonPath().getString("[1].sha256");
        assertThat(door.get("/artifacts/{id}", file).asString()).isEqualTo("weights");
        Door.open().get("/artifacts/{id}", outputs).then().statusCode(404);
        var bundle = Door.read(door.get("/jobs/{id}/bundle", job.id()), BundleView.class);
        assertThat(bundle.outputs()).isEqualTo(outputs);
        assertThat(BundleVerifier.verify(bundle.bundle())).allMatch(Check::ok);
    }

    private static List<Payout> payouts(RunEvidence... runs) {
        return java.util.Arrays.stream(runs)
                .map(run -> new Payout(
                        run.assignment().attempt(),
                        run.assignment().owner(),
                        run.assignment().owner(),
                        PRICE))
                .toList();
    }

    /** One provider's whole attempt, said over its own line. */
    private RunEvidence work(int attempt) {
        var provider = SampleProvider.of("worker-" + UUID.randomUUID());
        var agent = TestAgent.dial(provider);
        agent.hello();
        var token = agent.next(HubMessage.Welcome.class).artifactToken();
        var assigned = assign(provider, attempt);
        agent.next(HubMessage.AssignmentOffer.class);
        var run = SampleRun.honest(provider, assigned, true);
        var hash = run.hash();
        var border = job.borders();
        var outputs = Door.directory(token, ADAPTER);
        var opening = new Opening(
                run.opening(border).root(), border, outputs.digest(), Salts.derive(provider.session(), hash, border));
        var commitment = new Commitment(hash, border, Seal.of(hash, border, opening));
        var commitmentSignature = provider.session().sign(commitment.digest(Parties.DOMAIN));
        agent.say(new AgentMessage.Accept(
                UUID.randomUUID(), job.id(), hash, run.accept().signature()));
        agent.next(HubMessage.Ack.class);
        agent.say(new AgentMessage.Commit(UUID.randomUUID(), job.id(), commitment, commitmentSignature));
        agent.next(HubMessage.Ack.class);
        var receipt =
                new Receipt(commitment.digest(Parties.DOMAIN), Instant.now().getEpochSecond(), 0);
        var receiptSignature = Parties.HUB.sign(receipt.digest(Parties.DOMAIN));
        Log.publish(new AttemptStarted(job.id(), attempt, run.accept().signature()));
        Log.publish(new ResultCommitted(job.id(), attempt, commitment, commitmentSignature, receipt, receiptSignature));
        agent.next(HubMessage.ReceiptGiven.class);
        agent.say(new AgentMessage.Reveal(
                UUID.randomUUID(), job.id(), hash, border, opening, run.segments(border), outputs, null));
        agent.next(HubMessage.Ack.class);
        Log.publish(new ResultRevealed(job.id(), attempt, opening, run.segments(border), border, outputs, null));
        agent.vanish();
        return new RunEvidence(
                assigned.assignment(),
                assigned.hubSignature(),
                provider.session().sign(new Acceptance(hash).digest(Parties.DOMAIN)),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                commitment,
                commitmentSignature,
                receipt,
                receiptSignature,
                opening,
                run.segments(border));
    }

    private JobAssigned assign(SampleProvider provider, int attempt) {
        var now = Instant.now();
        var assignment = new Assignment(
                job.orderHash(),
                attempt,
                provider.id(),
                provider.address(),
                Role.REPLICA,
                0,
                job.borders(),
                NumericClass.STRICT,
                PRICE,
                PRICE,
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        var fact = new JobAssigned(
                job.id(),
                attempt,
                assignment,
                Parties.HUB.sign(assignment.digest(Parties.DOMAIN)),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                now.plusSeconds(30),
                null);
        Log.publish(fact);
        return fact;
    }
}
