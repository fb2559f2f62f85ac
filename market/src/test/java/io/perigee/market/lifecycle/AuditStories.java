package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.payout.Payouts;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.util.List;

/** Jobs that run once and are audited, on good days and bad. */
final class AuditStories {
    static final JobSpec SOME = SampleJobs.audited(VerificationPolicy.AUDIT);
    static final JobSpec ALL = SampleJobs.audited(VerificationPolicy.FULL_AUDIT);

    private AuditStories() {}

    /** Everything is drawn, and both auditors have answered. */
    static Lab answered(Lab lab) {
        return lab.placed(ALL, "a")
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2);
    }

    static List<Story> all() {
        return List.of(
                Story.of("shouldRunOnceAndPayTheProviderAndTheAuditorsOfDrawnSegments", lab -> {
                    lab.placed(SOME, "a").completes(0);
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    assertThat(lab.job.awaitedBlock()).hasValue(Lab.HEAD + 2);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isEmpty();
                    lab.drawn(10).serves();
                    var drawn = lab.only(SegmentsDrawn.class).segments();
                    assertThat(drawn).hasSizeBetween(2, 3).contains(4);
                    var wants = lab.job.alternatives(lab.now, lab.policy, Lab::secret);
                    assertThat(wants.getFirst().count()).isEqualTo(drawn.size());
                    assertThat(wants.getLast().count()).isEqualTo(2);
                    assertThat(wants)
                            .extracting(PlacementRequest::selection)
                            .containsOnly(PlacementRequest.Selection.BY_STAKE);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.VERIFIED);
                    var plan = Payouts.plan(lab.job.order(), lab.payable());
                    assertThat(plan.payouts()).hasSize(3);
                    assertThat(plan.payouts().getFirst().amount()).isEqualTo(Amount.of(205));
                    assertThat(plan.payouts().get(1).amount())
                            .isEqualTo(lab.job.attempt(1).assignment().price());
                }),
                Story.of("shouldDrawAllFourOfANewcomer", lab -> {
                    lab.placed(SOME, "a").completes(0).drawn(9);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2, 3, 4);
                }),
                Story.of("shouldDrawOnceAndOnlyByTheBlockOfTheReceipt", lab -> {
                    lab.placed(SOME, "a").completes(0);
                    lab.input(new JobInput.DrawBlockKnown(Lab.HEAD + 1, Parties.digest("earlier"), 10));
                    assertThat(((Decision.Accepted) lab.last).facts()).isEmpty();
                    lab.drawn(10);
                    var first = lab.only(SegmentsDrawn.class);
                    lab.input(new JobInput.DrawBlockKnown(Lab.HEAD + 2, Parties.digest("a fork"), 10));
                    assertThat(lab.only(SegmentsDrawn.class)).isEqualTo(first);
                    var run = lab.job.attempt(0);
                    assertThat(run.assignment().secretHash())
                            .isEqualTo(Draw.commitmentTo(
                                    Lab.secret(run.assignment().orderHash(), 0)));
                }),
                Story.of("shouldAuditEverythingWhenTheBlockStaysUnknown", lab -> {
                    lab.placed(SOME, "a").completes(0).due();
                    assertThat(lab.only(SegmentsDrawn.class).blockHash()).isNull();
                    lab.serves().place("b", "c", "d", "e").completes(1, 2, 3, 4).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().verdicts()).hasSize(4);
                }),
                Story.of("shouldAuditEverythingWhenTheHubKnowsNoBlock", lab -> {
                    lab.head = 0;
                    lab.placed(SOME, "a").completes(0);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2, 3, 4);
                }),
                Story.of("shouldDealStretchesWhereOwnersAreFew", lab -> {
                    lab.placed(SOME, "a").completes(0).drawn(0).serves();
                    assertThat(lab.job.alternatives(lab.now, lab.policy, Lab::secret))
                            .extracting(PlacementRequest::count)
                            .containsExactly(4, 3, 2);
                    lab.place("b", "c");
                    assertThat(lab.job.attempt(2).assignment().toBorder()).isEqualTo(4);
                    assertThat(lab.job.attempt(1).assignment().toBorder())
                            .isEqualTo(lab.job.attempt(2).assignment().fromBorder());
                }),
                Story.of("shouldAskAgainForWhatWasUploadedBeforeItsLeafWasOpen", lab -> {
                    lab.placed(ALL, "a").accept(0).commit(0, 2);
                    lab.says(0, lab.runs.get(0).serve(2));
                    lab.commit(0, 4).reveal(0, 4).drawn(10);
                    assertThat(lab.facts.stream().filter(CheckpointRequested.class::isInstance))
                            .extracting(fact -> ((CheckpointRequested) fact).border())
                            .containsExactly(1, 2, 3);
                    lab.serves();
                    assertThat(lab.job.wants(lab.now, lab.policy)).isPresent();
                }),
                Story.of("shouldReplaceAnAuditorThatIsGone", lab -> {
                    lab.placed(ALL, "a").completes(0).drawn(10).serves().place("b", "c");
                    lab.completes(1).accept(2).gone(2);
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count())
                            .isEqualTo(1);
                    lab.nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    lab.place("d").completes(3).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                }),
                Story.of("shouldReplaceAnAuditorThatDoesNotSign", lab -> {
                    answered(lab).wait(Duration.ofSeconds(300));
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.place("d", "e").completes(3, 4).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldReplaceAnAuditorThatRefusesToSign", lab -> {
                    answered(lab);
                    lab.says(1, lab.runs.get(1).refuse(VerdictRefusal.JUDGED_ALREADY));
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    lab.place("d").completes(3).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                }),
                Story.of("shouldHoldNothingAgainstAnAuditorThatSignedForARunWhichFell", lab -> {
                    answered(lab);
                    lab.revoked(0, 0).place("d").completes(3).drawn(10).serves();
                    lab.says(1, lab.runs.get(1).refuse(VerdictRefusal.JUDGED_ALREADY));
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.CANCELLED);
                    lab.place("e").completes(4).sign();
                    assertThat(lab.winners()).containsExactly(3);
                }),
                Story.of("shouldExpireWhenNobodyComesWhoCouldAudit", lab -> {
                    lab.placed(ALL, "a").completes(0).drawn(10).serves().nobody("slots");
                    lab.untilDecided();
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldNotEndOnOneProvidersWordThatTheDataIsBad", lab -> {
                    lab.placed(ALL, "a").accept(0);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "row 1"));
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.place("b").accept(1);
                    lab.says(1, lab.runs.get(1).fail(FailureKind.BAD_DATA, 65, "row 1"));
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.BAD_DATA);
                }),
                Story.of("shouldAuditTheRunOfWhoFindsTheDataGood", lab -> {
                    lab.placed(ALL, "liar").accept(0);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "row 1"));
                    lab.place("b").completes(1).drawn(10).serves().place("c", "d");
                    lab.completes(2, 3).sign();
                    assertThat(lab.winners()).containsExactly(1);
                }),
                Story.of("shouldRefuseToCancelWhatIsSealedAndAudited", lab -> {
                    answered(lab).cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                }),
                Story.of("shouldOweNothingForAnAuditedJobCancelledBeforeAnythingIsSealed", lab -> {
                    lab.placed(ALL, "a").accept(0).cancel();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }));
    }
}
