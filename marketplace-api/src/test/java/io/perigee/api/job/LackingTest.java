package io.perigee.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LackingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobSpec AUDITED = SampleJobs.audited(VerificationPolicy.AUDIT);

    @Test
    void shouldLackAuditorsOnceTheRunIsDone() {
        // given
        int quorum = job(AUDITED).order().quorum();
        var done = attempt("a", Role.REPLICA, AttemptState.COMMITTED);
        var auditor = attempt("b", Role.AUDITOR, AttemptState.RUNNING);
        var lost = attempt("c", Role.AUDITOR, AttemptState.LOST);

        // then
        assertThat(Lacking.of(job(AUDITED, done))).isEqualTo(new Lacking(0, quorum));
        assertThat(Lacking.of(job(AUDITED, done, auditor, lost))).isEqualTo(new Lacking(0, quorum - 1));
    }

    @Test
    void shouldLackNoAuditorsWhileItRuns() {
        assertThat(Lacking.of(job(AUDITED))).isEqualTo(new Lacking(1, 0));
        assertThat(Lacking.of(job(AUDITED, attempt("a", Role.REPLICA, AttemptState.RUNNING))))
                .isEqualTo(new Lacking(0, 0));
    }

    @Test
    void shouldLackTheReplicasThatDoNotRun() {
        // given
        var spec = SampleJobs.strict(3);

        // then
        assertThat(Lacking.of(job(
                        spec,
                        attempt("a", Role.REPLICA, AttemptState.COMMITTED),
                        attempt("b", Role.REPLICA, AttemptState.DECLINED))))
                .isEqualTo(new Lacking(2, 0));
    }

    private static JobView job(JobSpec spec, AttemptView... attempts) {
        var id = Ids.jobId();
        var order = SampleJobs.order(id, spec, NOW, 3_600);
        return new JobView(
                id,
                spec.name(),
                JobState.ACTIVE,
                null,
                null,
                null,
                order.builder(),
                NOW,
                NOW,
                null,
                spec,
                order.specHash(),
                Digest.ZERO,
                order,
                spec.borders(),
                0,
                order.maxPayment(),
                order.maxPayment(),
                Amount.ZERO,
                Amount.ZERO,
                List.of(attempts),
                List.of(),
                null,
                null,
                null);
    }

    private static AttemptView attempt(String name, Role role, AttemptState state) {
        var provider = SampleProvider.of(name);
        return new AttemptView(
                0,
                provider.id(),
                provider.address(),
                role,
                0,
                1,
                state,
                Parties.digest(name),
                NumericClass.STRICT,
                Amount.of(1),
                Amount.of(1),
                Amount.ZERO,
                NOW,
                NOW.plusSeconds(60),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
