package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import org.junit.jupiter.api.Test;

/** To decline is free: a crowd that declines everything must not end a job. */
class DeclinedJobTest {
    private final Lab lab = new Lab();

    @Test
    void shouldBeDoneByWhoComesAfterManyThatDecline() {
        // given as many as a job may use up
        lab.funded(SampleJobs.audited(VerificationPolicy.AUDIT));
        decline(32);

        // when
        lab.place("honest")
                .completes(32)
                .drawn(0)
                .serves()
                .place("x", "y")
                .completes(33, 34)
                .sign();

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.winners()).containsExactly(32);
    }

    /** Each is a fact: there is an end to them. */
    @Test
    void shouldEndOnceTooManyHaveDeclined() {
        // given
        lab.funded(SampleJobs.audited(VerificationPolicy.AUDIT));

        // when
        decline(256);

        // then
        assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.PROVIDERS_LOST);
    }

    private void decline(int times) {
        for (int attempt = 0; attempt < times; attempt++) {
            lab.place("d" + attempt / 2);
            var run = lab.runs.get(attempt);
            var digest = run.assigned().assignment().digest(Parties.DOMAIN);
            lab.ask(run.provider().id().value(), new DeclineAssignment(Lab.ID, digest, "no"));
        }
    }
}
