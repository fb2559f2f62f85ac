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
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class GatewayIT {
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
    void shouldWelcomeAnAgentWithItsOwnersWord() {
        // when
        agent.hello();

        // then
        var welcome = agent.next(HubMessage.Welcome.class);
        assertThat(welcome.provider()).isEqualTo(provider.id());
        assertThat(welcome.heartbeatSeconds()).isEqualTo(1);
        assertThat(facts(ProviderOnline.class)).containsExactly(provider.online());
        assertThat(Door.read(RestAssured.get("/api/v1/providers"), ProviderView[].class))
                .anyMatch(view -> view.provider().equals(provider.id()) && view.online());
    }

    @Test
    void shouldRefuseAKeyTheOwnerDidNotSign() {
        // given
        var key = provider.sessionKey();

        // when
        agent.hello(key, provider.session().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void shouldRefuseAKeyForAnotherHub() {
        // given
        var key = key(Parties.BUILDER.address(), 0, Long.MAX_VALUE / 2);

        // when
        agent.hello(key, provider.wallet().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.WRONG_HUB);
    }

    @Test
    void shouldRefuseAnExpiredKey() {
        // given
        var key = key(Parties.HUB.address(), 0, Instant.now().getEpochSecond() - 1);

        // when
        agent.hello(key, provider.wallet().sign(key.digest(Parties.DOMAIN)), provider.offer());

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseWhoDoesNotHoldTheKey() {
        // given
        var other = SampleProvider.of("somebody-else");

        // when
        agent.hello(other.sessionKey(), other.sessionKeySignature(), provider.offer());

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseToTalkBeforeAHello() {
        // when
        agent.say(new AgentMessage.Heartbeat(List.of()));

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldExplainWhatItCannotRead() {
        // given
        welcome();

        // when
        agent.say("{\"type\":\"accept\",\"ref\":1}");

        // then
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal.detail()).startsWith("Expected");
    }

    @Test
    void shouldLetANewerConnectionTakeOver() {
        // given
        welcome();

        // when
        var newer = TestAgent.connect(provider);

        // then
        assertThat(agent.closeCode()).isEqualTo(4009);
        newer.vanish();
    }

    @Test
    void shouldDeclareASilentAgentOfflineAndTakeItBack() {
        // given
        welcome();

        // when
        agent.vanish();

        // then
        Await.until(Log.SOON, () -> facts(ProviderOffline.class).size() == 1, () -> "not declared offline");
        agent = TestAgent.connect(provider);
        assertThat(facts(ProviderOnline.class)).hasSize(2);
    }

    @Test
    void shouldKeepAnAgentOnlineThatBeats() throws InterruptedException {
        // given
        welcome();

        // when
        for (int i = 0; i < 12; i++) {
            agent.say(new AgentMessage.Heartbeat(List.of()));
            Thread.sleep(500);
        }

        // then
        assertThat(facts(ProviderOffline.class)).isEmpty();
    }

    @Test
    void shouldDeclareAnAgentOfflineAtOnceWhenItSaysGoodbye() {
        // given
        welcome();
        var before = Instant.now();

        // when
        agent.close();

        // then
        Await.until(Log.SOON, () -> facts(ProviderOffline.class).size() == 1, () -> "not declared offline");
        assertThat(Instant.now()).isBefore(before.plusSeconds(2));
    }

    @Test
    void shouldPassAnAssignmentOnAndOpenItsInputs() {
        // given
        var token = welcome().artifactToken();
        var job = Door.open().job();

        // when
        var assigned = assign(job, 0);

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

    @Test
    void shouldRepeatWhatIsOpenAfterAReconnect() {
        // given
        welcome();
        var job = Door.open().job();
        assign(job, 0);
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
        welcome();
        var job = Door.open().job();
        var run = SampleRun.honest(provider, assign(job, 0), true);
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
        welcome();
        var job = Door.open().job();
        var run = SampleRun.honest(other, assign(other, job, 0), true);
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
        welcome();
        var job = Door.open().job();
        var run = SampleRun.honest(provider, assign(job, 0), true);
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
        welcome();
        var door = Door.open();
        var job = door.job();
        var run = SampleRun.honest(provider, assign(job, 0), true);
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
        welcome();
        var job = Door.open().job();
        var run = SampleRun.honest(provider, assign(job, 0), true);
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
        welcome();
        var door = Door.open();
        var job = door.job();
        var run = SampleRun.honest(provider, assign(job, 0), true);
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

    private HubMessage.Welcome welcome() {
        agent.hello();
        return agent.next(HubMessage.Welcome.class);
    }

    private void refused(ErrorCode code) {
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.detail()).startsWith("Expected");
        assertThat(agent.closeCode()).isEqualTo(4003);
        assertThat(facts(ProviderOnline.class)).isEmpty();
    }

    private SessionKey key(io.perigee.protocol.id.Address hub, long notBefore, long expiresAt) {
        return new SessionKey(
                provider.address(), provider.id(), provider.session().address(), hub, 1, notBefore, expiresAt);
    }

    private JobAssigned assign(JobView job, int attempt) {
        return assign(provider, job, attempt);
    }

    /** The honest run of a provider that the first attempt of a job was just assigned to. */
    static SampleRun assigned(SampleProvider to, JobView job) {
        return SampleRun.honest(to, assign(to, job, 0), true);
    }

    private static JobAssigned assign(SampleProvider to, JobView job, int attempt) {
        var now = Instant.now();
        var assignment = new Assignment(
                job.orderHash(),
                attempt,
                to.id(),
                to.address(),
                Role.REPLICA,
                0,
                job.borders(),
                NumericClass.STRICT,
                Amount.of(1_000),
                Amount.of(1_000),
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        var fact = new JobAssigned(
                job.id(),
                attempt,
                assignment,
                Parties.HUB.sign(assignment.digest(Parties.DOMAIN)),
                to.sessionKey(),
                to.sessionKeySignature(),
                now.plusSeconds(30),
                null);
        Log.publish(fact);
        return fact;
    }

    private static AgentMessage.Reveal reveal(SampleRun run, int border) {
        var command = run.reveal(border);
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

    private <T> List<T> facts(Class<T> type) {
        return facts(provider.id(), type);
    }

    private static <T> List<T> facts(ProviderId provider, Class<T> type) {
        return Log.outbox(provider.value()).stream()
                .map(Envelope::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static List<Envelope> commands(JobView job, Class<?>... types) {
        return Log.outbox(job.id().toString()).stream()
                .filter(envelope -> Arrays.stream(types).anyMatch(type -> type.isInstance(envelope.body())))
                .toList();
    }
}
