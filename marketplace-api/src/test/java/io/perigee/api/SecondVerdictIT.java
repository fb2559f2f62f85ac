package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An auditor that is to judge a second run, because the first has fallen. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SecondVerdictIT {
    private final SampleProvider auditor = SampleProvider.of("auditor-" + UUID.randomUUID());
    private TestAgent agent;
    private JobView job;
    private SampleRun run;
    private Digest audit;

    @BeforeEach
    void connect() {
        agent = TestAgent.connect(auditor);
        job = Door.open().job();
        run = Assigning.assigned(SampleProvider.of("provider-" + UUID.randomUUID()), job);
        audit = assigned();
        agent.next(HubMessage.AssignmentOffer.class);
    }

    @AfterEach
    void hangUp() {
        agent.vanish();
    }

    @Test
    void shouldAskAnAuditorAnewAboutAnotherRun() {
        // given
        var first = asked(3);
        var signature = said(verdict(3));
        agent.next(HubMessage.Ack.class);
        Log.publish(new VerdictSigned(job.id(), 1, verdict(3), signature));

        // when
        var second = asked(4);
        said(verdict(3));
        agent.next(HubMessage.Ack.class);
        said(verdict(4));
        agent.next(HubMessage.Ack.class);

        // then
        assertThat(first.commitment()).isEqualTo(commitment(3));
        assertThat(second.commitment()).isEqualTo(commitment(4));
        assertThat(said()).containsExactly(verdict(3), verdict(4));
    }

    @Test
    void shouldAskNoMoreAboutTheRunThatFell() {
        // given: no answer
        asked(3);

        // when
        asked(4);
        said(verdict(3));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.WRONG_STATE);
        said(verdict(4));
        agent.next(HubMessage.Ack.class);
        assertThat(said()).containsExactly(verdict(4));
    }

    @Test
    void shouldRefuseAVerdictThatNobodyAsksFor() {
        // when
        said(verdict(4));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.WRONG_STATE);
        assertThat(said()).isEmpty();
    }

    private HubMessage.VerdictRequest asked(int border) {
        Log.publish(new VerdictRequested(job.id(), 1, commitment(border), run.opening(border), run.segments(border)));
        return agent.next(HubMessage.VerdictRequest.class);
    }

    private Commitment commitment(int border) {
        return run.commit(border).commitment();
    }

    private Verdict verdict(int border) {
        var opening = run.opening(border);
        return new Verdict(
                audit, commitment(border).digest(Parties.DOMAIN), opening.root(), opening.outputDigest(), border);
    }

    private Signature said(Verdict verdict) {
        var signature = auditor.session().sign(verdict.digest(Parties.DOMAIN));
        agent.say(new AgentMessage.VerdictSigned(UUID.randomUUID(), job.id(), verdict, signature));
        return signature;
    }

    private List<Verdict> said() {
        return Log.outbox(job.id().toString()).stream()
                .map(Envelope::body)
                .filter(SignVerdict.class::isInstance)
                .map(body -> ((SignVerdict) body).verdict())
                .toList();
    }

    private Digest assigned() {
        var now = Instant.now();
        var assignment = new Assignment(
                job.orderHash(),
                1,
                auditor.id(),
                auditor.address(),
                Role.AUDITOR,
                0,
                1,
                NumericClass.STRICT,
                Amount.of(1_000),
                Amount.of(1_000),
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        Log.publish(new JobAssigned(
                job.id(),
                1,
                assignment,
                Parties.HUB.sign(assignment.digest(Parties.DOMAIN)),
                auditor.sessionKey(),
                auditor.sessionKeySignature(),
                now.plusSeconds(30),
                null));
        return assignment.digest(Parties.DOMAIN);
    }
}
