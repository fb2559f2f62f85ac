package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.SampleJobs;
import org.junit.jupiter.api.Test;

/** A builder whose images never end, or never begin: it costs each owner a lease, until one is enough. */
class UnfairBuilderTest {
    private final Lab lab = new Lab(Lab.POLICY.giveUpAt(1));

    @Test
    void shouldEndAtTheFirstOwnerThatSeesTheJobCrash() {
        // given
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);

        // when
        lab.says(0, lab.runs.get(0).fail(FailureKind.CRASHED, 139, "segfault"));

        // then
        assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.CONTAINER);
    }

    @Test
    void shouldEndAtTheFirstOwnerThatSaysWhatIsWrongWithIt() {
        // given
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);

        // when
        lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));

        // then
        assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.BAD_DATA);
    }

    @Test
    void shouldEndAtTheFirstLeaseInWhichNothingWasDone() {
        // given an image that never ends, run by one owner at a time
        lab.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a").accept(0);

        // when
        lab.due();

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(lab.payable().owesNothing()).isTrue();
    }

    /** One is believed about an unfair builder's job, but not against another who finished it. */
    @Test
    void shouldNotEndWhatSomebodyFinished() {
        // given
        lab.placed(SampleJobs.strict(2), "a", "b").completes(0).accept(1);

        // when
        lab.says(1, lab.runs.get(1).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));
        lab.place("c").completes(2);

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.winners()).containsExactly(0, 2);
    }

    @Test
    void shouldAcceptWhatAQuorumAgreesOnThoughOneMoreIsLate() {
        // given
        lab.placed(SampleJobs.strict(3), "a", "b", "c").completes(0, 1).accept(2);

        // when
        lab.due();

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.winners()).containsExactly(0, 1);
    }

    @Test
    void shouldAcceptWhatAQuorumAgreesOnThoughOneMoreCrashes() {
        // given
        lab.placed(SampleJobs.strict(5), "a", "b", "c", "d", "e")
                .completes(0, 1, 2)
                .accept(3, 4);

        // when
        lab.says(3, lab.runs.get(3).fail(FailureKind.CRASHED, 139, "segfault"));
        lab.completes(4);

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.winners()).containsExactly(0, 1, 2, 4);
    }

    @Test
    void shouldAskThreeOwnersAboutAFairBuildersJob() {
        // given
        var fair = new Lab();
        fair.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a").accept(0);

        // when
        fair.due();

        // then
        assertThat(fair.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(fair.job.wants(fair.now, fair.policy)).isPresent();
    }

    /** In a market of five owners there is nobody else left once two have convicted the first. */
    @Test
    void shouldCountTheAuditorsOfARunThatFell() {
        // given
        var audited = new Lab();
        audited.placed(SampleJobs.audited(VerificationPolicy.FULL_AUDIT), "a")
                .lies(0, 1, "forged")
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2)
                .place("d")
                .completes(3);

        // then
        assertThat(audited.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(audited.job.open().filter(Attempt::audits)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(audited.job.wants(audited.now, audited.policy).orElseThrow().standby())
                .isNull();
    }

    /** A run that nobody could audit would be worked for nothing. */
    @Test
    void shouldBeginAnAuditedRunOnlyWhileOthersCouldAuditIt() {
        // given
        var audited = new Lab().funded(SampleJobs.audited(VerificationPolicy.AUDIT));
        var replicated = new Lab().funded(SampleJobs.strict(2));

        // then
        assertThat(audited.job
                        .wants(audited.now, audited.policy)
                        .orElseThrow()
                        .standby()
                        .owners())
                .isEqualTo(2);
        assertThat(replicated
                        .job
                        .wants(replicated.now, replicated.policy)
                        .orElseThrow()
                        .standby())
                .isNull();
    }
}
