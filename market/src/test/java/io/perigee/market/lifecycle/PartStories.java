package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.payout.Payouts;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import java.util.List;

/** Audited jobs that end before the whole is done: the part that is sealed is audited and paid. */
final class PartStories {
    private PartStories() {}

    /** Three of four borders are sealed when the builder cancels, and opened. */
    private static Lab opened(Lab lab) {
        lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 1).commit(0, 2).commit(0, 3);
        lab.cancel();
        return lab.reveal(0, 3);
    }

    /** The same, and both auditors have answered. */
    private static Lab answered(Lab lab) {
        return opened(lab).drawn(10).serves().place("b", "c").completes(1, 2);
    }

    static List<Story> all() {
        return List.of(
                Story.of("shouldAuditThePartOfACancelledRunAndPayItAndItsAuditors", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2).commit(0, 3);
                    lab.cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    assertThat(lab.only(RevealRequested.class).border()).isEqualTo(3);
                    lab.reveal(0, 3);
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2, 3);
                    assertThat(lab.facts.stream().filter(CheckpointRequested.class::isInstance))
                            .extracting(fact -> ((CheckpointRequested) fact).border())
                            .containsExactly(1, 2);
                    lab.serves().place("b", "c").completes(1, 2).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.VERIFIED);
                    assertThat(lab.payable().verdicts()).hasSize(2).allSatisfy(audit -> assertThat(
                                    audit.verdict().verifiedTo())
                            .isEqualTo(3));
                    var payouts = Payouts.plan(lab.job.order(), lab.payable()).payouts();
                    // three of four borders of 205: rounded down
                    assertThat(payouts.getFirst().amount()).isEqualTo(Amount.of(153));
                    assertThat(payouts.get(1).amount())
                            .isEqualTo(lab.job.attempt(1).assignment().price());
                    assertThat(payouts.get(2).amount())
                            .isEqualTo(lab.job.attempt(2).assignment().price());
                }),
                Story.of("shouldDrawOfAPartInProportionAndTheSegmentItEndsWith", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).commit(0, 1).commit(0, 2);
                    lab.cancel();
                    lab.reveal(0, 2).drawn(10);
                    // one of two, which may be the last itself
                    assertThat(lab.only(SegmentsDrawn.class).segments())
                            .hasSizeLessThanOrEqualTo(2)
                            .contains(2);
                    lab.serves();
                    assertThat(lab.job
                                    .alternatives(lab.now, lab.policy, Lab::secret)
                                    .getLast()
                                    .count())
                            .isEqualTo(2);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                }),
                Story.of("shouldHaveOneSegmentRunByAQuorumBesideEachOther", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).commit(0, 1);
                    lab.cancel();
                    lab.reveal(0, 1).drawn(10).serves().place("b", "c");
                    assertThat(lab.job.attempts().subList(1, 3))
                            .extracting(attempt -> attempt.assignment().toBorder())
                            .containsExactly(1, 1);
                    lab.completes(1, 2).sign();
                    assertThat(lab.payable().toBorder()).isEqualTo(1);
                }),
                Story.of("shouldPayThePartThoughItsProviderIsGoneOnceItIsOpenAndServed", lab -> {
                    opened(lab).drawn(10).serves().gone(0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                }),
                Story.of("shouldOweNothingForAPartThatIsNotOpenedInTime", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2).cancel();
                    lab.due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    owesNothing(lab);
                }),
                Story.of("shouldOweNothingForAPartWhoseCheckpointsAreNotServed", lab -> {
                    opened(lab).drawn(10).due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    owesNothing(lab);
                }),
                Story.of("shouldOweNothingForAPartThatFell", lab -> {
                    lab.placed(AuditStories.ALL, "cheat")
                            .forges(0, 2, 4)
                            .accept(0)
                            .commit(0, 3)
                            .cancel();
                    lab.reveal(0, 3).drawn(10).serves().place("b", "c").completes(1, 2);
                    lab.place("d").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.CANCELLED);
                    owesNothing(lab);
                }),
                Story.of("shouldRejectAPartThatIsOpenedFalsely", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2).cancel();
                    lab.forges(0, 1, 4).reveal(0, 2);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    owesNothing(lab);
                }),
                Story.of("shouldOweNothingForAPartThatNobodyComesToAudit", lab -> {
                    opened(lab).drawn(10).serves().nobody("slots");
                    lab.untilDecided();
                    owesNothing(lab);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldOweNothingForAPartThatNobodyCanDecideAbout", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 1).cancel();
                    lab.reveal(0, 1).drawn(10).serves().place("b", "c");
                    lab.lies(1, 1, "one").lies(2, 1, "two").completes(1, 2);
                    owesNothing(lab);
                }),
                Story.of("shouldAuditAllOfAPartWhenTheBlockStaysUnknown", lab -> {
                    opened(lab).due();
                    assertThat(lab.only(SegmentsDrawn.class).blockHash()).isNull();
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2, 3);
                }),
                Story.of("shouldTakeNoMoreSealsAndNoSecondCancel", lab -> {
                    opened(lab).commit(0, 4);
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldRefuseToCancelWhatIsSealedAndNotYetOpen", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 4).cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.reveal(0, 4).drawn(10).serves().place("b", "c");
                    lab.completes(1, 2).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                }),
                Story.of("shouldHearAuditorsOfARunThatFellAboutThePartOfTheNext", lab -> {
                    AuditAdversaryStories.fallen(lab);
                    lab.place("e").accept(4).commit(4, 3).cancel();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REVEALED);
                    lab.reveal(4, 3).drawn(10).serves();
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count())
                            .isEqualTo(1);
                    lab.place("f").completes(5).sign();
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(lab.payable().verdicts())
                            .extracting(audit -> audit.run().assignment().attempt())
                            .containsExactly(1, 3, 5);
                }),
                Story.of("shouldPayThePartOfTheLastWhenTheRunDeadlineIsTooShortForAll", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2).due();
                    lab.place("b").accept(1).commit(1, 3).due();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.reveal(1, 3).drawn(10).serves().place("c", "d");
                    lab.completes(2, 3).sign();
                    assertThat(lab.only(JobExpired.class).state()).isEqualTo("ACTIVE");
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                    assertThat(lab.winners()).containsExactly(1);
                }),
                Story.of("shouldReplaceAnAuditorOfAPart", lab -> {
                    answered(lab);
                    lab.revoked(1, 0);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    lab.place("d").completes(3).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                }));
    }

    private static void owesNothing(Lab lab) {
        assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(lab.payable().owesNothing()).isTrue();
    }
}
