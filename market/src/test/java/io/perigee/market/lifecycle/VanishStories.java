package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.payout.Payouts;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;
import java.util.stream.Stream;

/** Providers of audited jobs that are silent for good: what they had opened in passing is audited, paid and gone on from. */
final class VanishStories {
    private VanishStories() {}

    /** Two of four borders are open in passing and a third is sealed when the provider is silent. */
    private static Lab vanished(Lab lab) {
        return vanished(lab, AuditStories.SOME);
    }

    private static Lab vanished(Lab lab, JobSpec spec) {
        return lab.placed(spec, "a")
                .accept(0)
                .pass(0, 1)
                .pass(0, 2)
                .commit(0, 3)
                .gone(0);
    }

    /** And the part was audited and holds. */
    private static Lab held(Lab lab) {
        return vanished(lab).drawn(10).place("b", "c").completes(1, 2).sign();
    }

    private static Lab cannotFetch(Lab lab, int attempt) {
        lab.accept(attempt).says(attempt, lab.runs.get(attempt).fail(FailureKind.INPUT_UNAVAILABLE, null, "404"));
        return lab;
    }

    static List<Story> all() {
        return Stream.of(honest(), stopping(), endingEarly(), adversaries())
                .flatMap(stories -> stories)
                .toList();
    }

    /** Who says that it stops leaves no less than who is silent. */
    private static Stream<Story> stopping() {
        return Stream.of(FailureKind.YIELDED, FailureKind.ENGINE, FailureKind.TIMED_OUT, FailureKind.CRASHED)
                .map(kind -> Story.of("shouldAuditThePartOfWhoSaysThatItStopsAs" + kind, lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2);
                    lab.says(0, lab.runs.get(0).fail(kind, null, "it stops"));
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    assertThat(lab.only(RunGivenUp.class).border()).isEqualTo(2);
                    lab.drawn(10).place("b", "c").completes(1, 2).sign();
                    assertThat(lab.job.doneTo()).isEqualTo(2);
                }));
    }

    /** Cancelled when a border more is sealed than is open. */
    private static Lab cancelledAhead(Lab lab) {
        lab.placed(AuditStories.SOME, "a")
                .accept(0)
                .pass(0, 1)
                .pass(0, 2)
                .commit(0, 3)
                .cancel();
        return lab;
    }

    private static void paidToTwo(Lab lab) {
        assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
        assertThat(lab.only(RunGivenUp.class).border()).isEqualTo(2);
        lab.drawn(10).place("b", "c").completes(1, 2).sign();
        assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(lab.winners()).containsExactly(0);
    }

    /** Whether it is cancelled first or vanishes first, the same is owed. */
    private static Stream<Story> endingEarly() {
        var other = new Lab();
        vanished(other).cancel();
        paidToTwo(other);
        var owed = Payouts.plan(other.job.order(), other.payable());
        return Stream.of(
                Story.of("shouldPayThePartOfACancelledJobWhoseRunIsSilent", lab -> {
                    cancelledAhead(lab).due();
                    paidToTwo(lab);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable())).isEqualTo(owed);
                }),
                Story.of("shouldPayThePartOfACancelledJobWhoseRunFails", lab -> {
                    cancelledAhead(lab).says(0, lab.runs.get(0).fail(FailureKind.ENGINE, null, "engine died"));
                    paidToTwo(lab);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable())).isEqualTo(owed);
                }),
                Story.of("shouldOweNothingForAForgedPartOfACancelledJobWhoseRunIsSilent", lab -> {
                    lab.placed(AuditStories.SOME, "cheat")
                            .forges(0, 2, 4)
                            .accept(0)
                            .pass(0, 2)
                            .commit(0, 3)
                            .cancel();
                    lab.due().drawn(10).place("b", "c").completes(1, 2);
                    lab.place("d").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }));
    }

    private static Stream<Story> honest() {
        return Stream.of(
                Story.of("shouldGoOnFromTheAuditedPartOfAProviderThatIsGone", lab -> {
                    vanished(lab, AuditStories.ALL);
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    assertThat(lab.only(RunGivenUp.class).border()).isEqualTo(2);
                    lab.drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2);
                    assertThat(lab.facts).noneMatch(CheckpointRequested.class::isInstance);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.VERIFIED);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.VERIFIED);
                    var part = lab.only(PartAccepted.class);
                    assertThat(part.checkpoint())
                            .isEqualTo(lab.runs.get(0).pass(2).checkpoint());
                    var wanted = lab.job.wants(lab.now, lab.policy).orElseThrow();
                    assertThat(wanted.count()).isEqualTo(1);
                    assertThat(wanted.demand()).isEqualTo(new ClassDemand.Fixed(NumericClass.STRICT));
                    assertThat(wanted.excludedOwners())
                            .contains(
                                    lab.job.attempt(0).owner(),
                                    lab.job.attempt(1).owner(),
                                    lab.job.attempt(2).owner());
                    lab.place("d");
                    var next = lab.job.attempt(3).assignment();
                    assertThat(next.fromBorder()).isEqualTo(2);
                    assertThat(next.toBorder()).isEqualTo(4);
                    assertThat(next.price()).isEqualTo(Amount.of(103));
                    assertThat(lab.resumeFrom(3)).isEqualTo(part.checkpoint());
                    lab.completes(3).drawn(10);
                    assertThat(lab.facts.stream()
                                    .filter(CheckpointRequested.class::isInstance)
                                    .map(fact -> ((CheckpointRequested) fact).border()))
                            .containsExactly(3);
                    lab.serves().place("e", "f");
                    assertThat(lab.resumeFrom(4)).isEqualTo(part.checkpoint());
                    lab.completes(4, 5).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(3);
                    assertThat(lab.payable().links())
                            .extracting(Payable::toBorder)
                            .containsExactly(2, 4);
                    var plan = Payouts.plan(lab.job.order(), lab.payable());
                    // two of four borders of 205: rounded down
                    assertThat(plan.payouts().getFirst().amount()).isEqualTo(Amount.of(102));
                    assertThat(plan.payouts())
                            .extracting(payout -> payout.attempt())
                            .containsExactly(0, 1, 2, 3, 4, 5);
                    assertThat(plan.payouts())
                            .noneMatch(payout -> payout.amount().isZero());
                    assertThat(lab.job.order().maxPayment().covers(plan.paid())).isTrue();
                }),
                Story.of("shouldGoOnWhereTheSecondOfTwoThatVanishedWas", lab -> {
                    held(lab).place("d").accept(3).pass(3, 3).gone(3).drawn(10);
                    assertThat(lab.facts.stream().filter(SegmentsDrawn.class::isInstance))
                            .hasSize(2);
                    lab.place("e", "f").completes(4, 5).sign().place("g");
                    assertThat(lab.job.attempt(6).assignment().fromBorder()).isEqualTo(3);
                    lab.completes(6).drawn(10).place("h", "i").completes(7, 8).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(6);
                    assertThat(lab.payable().links())
                            .extracting(Payable::toBorder)
                            .containsExactly(2, 3, 4);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable()).payouts())
                            .hasSize(9);
                }),
                Story.of("shouldHaveAuditorsStartWhereACheckpointCameWithAnOpening", lab -> {
                    lab.placed(AuditStories.ALL, "a")
                            .accept(0)
                            .pass(0, 3)
                            .gone(0)
                            .drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 2, 3);
                    lab.place("b", "c");
                    assertThat(lab.job.attempts().subList(1, 3))
                            .extracting(attempt -> attempt.assignment().fromBorder())
                            .containsExactly(0, 0);
                    lab.completes(1, 2).sign();
                    assertThat(lab.only(PartAccepted.class).payable().toBorder())
                            .isEqualTo(3);
                }),
                Story.of("shouldAuditThePartOfWhoSealedAllAndOpenedNotInTime", lab -> {
                    lab.placed(AuditStories.SOME, "a")
                            .accept(0)
                            .pass(0, 2)
                            .commit(0, 4)
                            .due();
                    assertThat(lab.only(RunGivenUp.class).border()).isEqualTo(2);
                    lab.drawn(10).place("b", "c").completes(1, 2).sign();
                    assertThat(lab.job.doneTo()).isEqualTo(2);
                }),
                Story.of("shouldAuditThePartOfWhoWasTooSlow", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2).due();
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    lab.drawn(10).place("b", "c").completes(1, 2).sign();
                    assertThat(lab.job.doneTo()).isEqualTo(2);
                }),
                Story.of("shouldPayThePartOfACancelledJobThatWasOpenAlready", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2).cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    lab.gone(0).drawn(10);
                    assertThat(lab.facts).as("it may be gone").noneMatch(CheckpointRequested.class::isInstance);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                }),
                Story.of("shouldPayThePartThoughTheJobIsCancelledWhileNobodyGoesOn", lab -> {
                    held(lab).nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.cancel();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                }),
                Story.of("shouldPayThePartThoughNobodyGoesOnInTime", lab -> {
                    held(lab).untilDecided();
                    assertThat(lab.only(JobExpired.class).payable().toBorder()).isEqualTo(2);
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldPayBothPartsOfACancelledJob", lab -> {
                    held(lab).place("d").accept(3).commit(3, 3).cancel();
                    lab.reveal(3, 3).drawn(10).place("e", "f").completes(4, 5).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.winners()).containsExactly(3);
                    assertThat(lab.payable().links())
                            .extracting(Payable::toBorder)
                            .containsExactly(2, 3);
                }),
                Story.of("shouldPayThePartAndEndWhenTheBuilderCancelsWhileItIsAudited", lab -> {
                    vanished(lab).drawn(10).place("b", "c").completes(1).cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    lab.completes(2).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                                    .orElseThrow()
                                    .kind())
                            .isEqualTo(OutcomeKind.CRASHED);
                }),
                Story.of("shouldCountAProviderThatVanishedAsOneThatCrashedWhateverItsPart", lab -> {
                    held(lab);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                                    .orElseThrow()
                                    .kind())
                            .isEqualTo(OutcomeKind.CRASHED);
                }));
    }

    private static Stream<Story> adversaries() {
        return Stream.of(
                Story.of("shouldNotGoOnFromAForgedPart", lab -> {
                    lab.placed(AuditStories.SOME, "cheat")
                            .forges(0, 2, 4)
                            .accept(0)
                            .pass(0, 2)
                            .gone(0);
                    lab.drawn(10).place("b", "c").completes(1, 2);
                    // the segment that differs is run once more
                    lab.place("d").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                                    .orElseThrow()
                                    .kind())
                            .isEqualTo(OutcomeKind.CHEATED);
                    lab.place("e");
                    assertThat(lab.job.attempt(4).assignment().fromBorder()).isZero();
                    assertThat(lab.resumeFrom(4)).isNull();
                    lab.completes(4).drawn(10).serves();
                    lab.place("f").completes(5).sign();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable()).payouts())
                            .noneMatch(payout -> payout.attempt() == 0);
                }),
                Story.of("shouldBeginAnewWhenNobodyComesToAuditThePart", lab -> {
                    vanished(lab).drawn(10).nobody("slots");
                    lab.due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.only(JobReopened.class).reason()).contains("nobody came");
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.place("d");
                    assertThat(lab.job.attempt(1).assignment().fromBorder()).isZero();
                }),
                Story.of("shouldBeginAnewWhenAuditorsOfThePartCannotAgree", lab -> {
                    lab.placed(AuditStories.SOME, "a")
                            .accept(0)
                            .pass(0, 1)
                            .gone(0)
                            .drawn(10);
                    lab.place("b", "c");
                    lab.lies(1, 1, "one").lies(2, 1, "two").completes(1, 2);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    lab.place("d");
                    assertThat(lab.job.attempt(3).assignment().fromBorder()).isZero();
                }),
                Story.of("shouldTakeWhatARunSaysOfTheJobForAnAnswerWhateverItOpened", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.FAILED);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                }),
                Story.of("shouldLoseWhatWasNotOpenedInPassing", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).commit(0, 3).gone(0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                }),
                Story.of("shouldRefuseAProviderThatWasGivenUpAndComesBack", lab -> {
                    vanished(lab);
                    lab.commit(0, 4);
                    lab.refused(ErrorCode.STALE_LEASE);
                    lab.says(0, lab.runs.get(0).pass(3));
                    lab.refused(ErrorCode.STALE_LEASE);
                    lab.drawn(10).place("b", "c").completes(1, 2).sign();
                    lab.commit(0, 4);
                    lab.refused(ErrorCode.STALE_LEASE);
                }),
                Story.of("shouldRefuseAnOpeningInPassingWithoutItsCheckpoint", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).commit(0, 2);
                    lab.says(0, lab.runs.get(0).bare(2));
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldTakeSoManyOpeningsInPassingOfARunAndNoMore", lab -> {
                    lab.placed(SampleJobs.withSegments(AuditStories.SOME, Parts.MOST + 2), "a")
                            .accept(0);
                    for (int border = 1; border <= Parts.MOST; border++) {
                        lab.pass(0, border);
                        assertThat(lab.last).isInstanceOf(Decision.Accepted.class);
                    }
                    lab.pass(0, Parts.MOST + 1);
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.gone(0);
                    assertThat(lab.only(RunGivenUp.class).border()).isEqualTo(Parts.MOST);
                }),
                Story.of("shouldNotSpendOnThePartsAuditWhatTheRestAndItsAuditMayCost", lab -> {
                    // the maximum covers a run of 820, and what two audits of it cost
                    var spec = SampleJobs.withPrice(SampleJobs.withSegments(AuditStories.SOME, 16), 1_538);
                    // its hash draws two that are far from where an auditor can start
                    lab.head = 113;
                    lab.placed(spec, "a").accept(0).pass(0, 8).gone(0).drawn(10);
                    int segments = lab.only(SegmentsDrawn.class).segments().stream()
                            .mapToInt(Integer::intValue)
                            .sum();
                    assertThat(segments).isGreaterThan(11);
                    var ceiling =
                            lab.job.wants(lab.now, lab.policy).orElseThrow().attemptCeiling();
                    var left = Wants.left(lab.job).minus(ceiling.mulDivCeil(segments, 16));
                    assertThat(left.covers(Pricing.rest(spec, 8))).isTrue();
                    assertThat(ceiling.isZero()).isFalse();
                    // where there is no rest, there is nothing to keep for it
                    lab.cancel();
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().attemptCeiling())
                            .isEqualTo(Pricing.attemptCeiling(spec));
                }),
                Story.of("shouldRefuseOpeningsInPassingOfAReplica", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).pass(0, 2);
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldRejectWhoOpensTwoLeavesOfOneBorder", lab -> {
                    lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2);
                    lab.forges(0, 1, 2).pass(0, 3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldRefuseASecondCancelWhileThePartIsAudited", lab -> {
                    vanished(lab).cancel();
                    lab.cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldOweNothingForAForgedPartOfAJobThatWasCancelledMeanwhile", lab -> {
                    lab.placed(AuditStories.SOME, "cheat")
                            .forges(0, 2, 4)
                            .accept(0)
                            .pass(0, 2)
                            .gone(0);
                    lab.drawn(10).place("b", "c").cancel();
                    lab.completes(1, 2).place("d").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldEndACancelledJobWhosePartNobodyComesToAudit", lab -> {
                    vanished(lab).drawn(10).cancel();
                    lab.nobody("slots").due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldBeginAnewWhenAQuorumOfOwnersCannotFetchTheCheckpointOfThePart", lab -> {
                    vanished(lab, AuditStories.ALL).drawn(10).place("b", "c");
                    assertThat(lab.job.attempt(2).assignment().fromBorder()).isEqualTo(1);
                    lab.completes(1);
                    cannotFetch(lab, 2).place("d");
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    cannotFetch(lab, 3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.only(JobReopened.class).reason())
                            .contains("attempts [2, 3] could not fetch the checkpoint of border 1");
                    lab.place("e");
                    assertThat(lab.job.attempt(4).assignment().fromBorder()).isZero();
                    lab.completes(4).drawn(10).serves().place("f");
                    lab.completes(5).sign();
                    assertThat(lab.winners()).containsExactly(4);
                }),
                Story.of("shouldNotBelieveOneOwnerThatACheckpointOfThePartCannotBeFetched", lab -> {
                    vanished(lab, AuditStories.ALL).drawn(10).place("b", "c").completes(1);
                    cannotFetch(lab, 2).place("c");
                    cannotFetch(lab, 3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.place("d").completes(4).sign();
                    assertThat(lab.only(PartAccepted.class).payable().toBorder())
                            .isEqualTo(2);
                }),
                Story.of("shouldBelieveOneWhoCouldFetchTheCheckpointOfThePartMoreThanThoseWhoCouldNot", lab -> {
                    vanished(lab, AuditStories.ALL).drawn(10).place("b", "c");
                    lab.lies(2, 2, "one").completes(1, 2).place("d");
                    cannotFetch(lab, 3).place("e");
                    cannotFetch(lab, 4);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.place("f").completes(5).sign();
                    assertThat(lab.only(PartAccepted.class).payable().toBorder())
                            .isEqualTo(2);
                }));
    }
}
