package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.payout.EpochLines;
import io.perigee.market.payout.Payouts;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Providers that forge what may not be drawn, auditors that do not look, and who speaks out of turn. */
final class AuditAdversaryStories {
    private AuditAdversaryStories() {}

    /** The cheat forged from the second segment on, and fell by the word of two others. */
    static Lab fallen(Lab lab) {
        return lab.placed(AuditStories.ALL, "cheat")
                .forges(0, 2, 4)
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2)
                .place("d")
                .completes(3);
    }

    /** The last run is open, and of its first segment it and two auditors say three things. */
    private static Lab undecided(Lab lab, String... auditors) {
        return differ(lab.completes(lab.job.attempts().size() - 1).drawn(10).serves(), auditors);
    }

    private static Lab differ(Lab lab, String... auditors) {
        int first = lab.job.attempts().size();
        int count = lab.job.wants(lab.now, lab.policy).orElseThrow().count();
        lab.place(Arrays.copyOf(auditors, count)).lies(first, 1, "one " + first);
        IntStream.range(first, first + count).forEach(lab::completes);
        int decider = first + count;
        return lab.place(auditors[count]).lies(decider, 1, "two " + first).completes(decider);
    }

    static List<Story> all() {
        return List.of(
                Story.of("shouldNameTheForgedSegmentAndPayWhoConvictedWithTheNextRun", lab -> {
                    fallen(lab);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    var leaf = AuditVotes.leaf(lab.job.attempt(0), 2).orElseThrow();
                    var honest = AuditVotes.leaf(lab.job.attempt(1), 2).orElseThrow();
                    assertThat(ended(lab, 0).detail())
                            .contains("segment 2 (border 1 to 2)")
                            .contains("leaf " + leaf)
                            .contains("attempts [1, 3] got leaf " + honest);
                    assertThat(lab.only(JobReopened.class).reason()).contains("Attempt 0 is out");
                    lab.place("e").completes(4).drawn(10).serves();
                    // who had looked at what is honest in both runs need not be asked again
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count())
                            .isEqualTo(1);
                    lab.place("f");
                    assertThat(lab.job.attempt(5).assignment().fromBorder()).isEqualTo(2);
                    lab.completes(5).sign();
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(lab.payable().verdicts())
                            .extracting(audit -> audit.run().assignment().attempt())
                            .containsExactly(1, 3, 5);
                    assertThat(lab.attempt(2)).as("its start was forged").isEqualTo(AttemptState.CANCELLED);
                    assertThat(lab.contradictors()).as("it loses its bond").containsExactly(0);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable()).burns())
                            .containsExactly(new Burn(
                                    0,
                                    lab.job.attempt(0).owner(),
                                    lab.job.attempt(0).assignment().bond()));
                    assertThat(EpochLines.suffice(lab.job.order(), lab.payable()))
                            .as("an epoch burns nothing")
                            .isFalse();
                }),
                Story.of("shouldAskNobodyMoreWhileAnAuditorIsAtWorkBesideADifference", lab -> {
                    lab.placed(AuditStories.ALL, "cheat")
                            .forges(0, 1, 4)
                            .completes(0)
                            .drawn(10)
                            .serves()
                            .place("b", "c");
                    // b found another leaf in its first segment, so of its second one nobody speaks
                    lab.completes(1);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isEmpty();
                    lab.completes(2);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count())
                            .isEqualTo(1);
                    lab.place("d").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldLetAuditorsGoWhenNobodyRunsTheJobAgain", lab -> {
                    fallen(lab).nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.due();
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.CANCELLED);
                    assertThat(lab.payable().owesNothing())
                            .as("without a run that holds nothing is proven on chain")
                            .isTrue();
                }),
                Story.of("shouldKeepTheRunAndRejectTheAuditorThatGuessed", lab -> {
                    lab.placed(AuditStories.ALL, "a")
                            .completes(0)
                            .drawn(10)
                            .serves()
                            .place("guesser", "c");
                    lab.forges(1, 1, 1).completes(1, 2);
                    var wants = lab.job.wants(lab.now, lab.policy).orElseThrow();
                    assertThat(wants.count()).isEqualTo(1);
                    lab.place("d").completes(3);
                    // what the guesser would have said of the next segment is worth nothing
                    lab.place("e").completes(4).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.payable().verdicts())
                            .extracting(audit -> audit.run().assignment().attempt())
                            .containsExactly(2, 3, 4);
                    assertThat(lab.contradictors())
                            .as("nobody took the run's bond, and `direct` takes no auditor's")
                            .isEmpty();
                }),
                Story.of("shouldHaveAnotherRunWhatThreeAnswersDifferAbout", lab -> {
                    undecided(lab.placed(AuditStories.ALL, "a"), "b", "c", "d");
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.place("e").completes(4).drawn(10).serves().place("f");
                    lab.completes(5).sign();
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.attempt(3)).isEqualTo(AttemptState.REJECTED);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals))
                            .as("it said what holds")
                            .isEmpty();
                }),
                Story.of("shouldCallAForgerACheatThatAFriendsOtherLieSavedFromItsFall", lab -> {
                    lab.placed(AuditStories.ALL, "cheat")
                            .forges(0, 1, 1)
                            .completes(0)
                            .drawn(10)
                            .serves()
                            .place("b", "c");
                    lab.completes(1, 2).place("friend").lies(3, 1, "other").completes(3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    lab.place("e").completes(4).drawn(10).serves().sign();
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                                    .orElseThrow()
                                    .kind())
                            .isEqualTo(OutcomeKind.CHEATED);
                    assertThat(lab.payable().verdicts())
                            .extracting(audit -> audit.run().assignment().attempt())
                            .as("who found it is paid")
                            .contains(1);
                }),
                Story.of("shouldPayNobodyWhenThreeAnswersDifferTwice", lab -> {
                    undecided(lab.placed(AuditStories.ALL, "a"), "b", "c", "d");
                    undecided(lab.place("e"), "f", "g");
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.NO_QUORUM);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldPayNobodyWhenThreeAnswersDifferAndThereIsNoTimeForAnotherRun", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.now = Pricing.latestAssignment(
                                    lab.job.spec(), lab.job.order().deadline(), lab.policy)
                            .plusSeconds(1);
                    differ(lab, "b", "c", "d");
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.NO_QUORUM);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldForfeitThePayOfWhoDoesNotServeADrawnCheckpoint", lab -> {
                    lab.placed(AuditStories.ALL, "silent")
                            .completes(0)
                            .drawn(10)
                            .wait(Duration.ofSeconds(300));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(ended(lab, 0).detail()).contains("checkpoints of borders [1]");
                    lab.place("b").completes(1).drawn(10).serves().place("c", "d");
                    lab.completes(2, 3).sign();
                    assertThat(lab.winners()).containsExactly(1);
                    assertThat(lab.contradictors())
                            .as("it had the right result")
                            .isEmpty();
                }),
                Story.of("shouldGiveUpAfterThreeReopenings", lab -> {
                    lab.funded(AuditStories.ALL);
                    for (int i = 0; i < 4; i++) {
                        lab.place("silent" + i).completes(i).drawn(10).wait(Duration.ofSeconds(300));
                    }
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.NO_QUORUM);
                }),
                Story.of("shouldLetNoKinshipAudit", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place(SampleProvider.of("second").ownedBy("a"), SampleProvider.of("c"));
                    lab.refused(ErrorCode.CONFLICT);
                    lab.place("b", "c").completes(1);
                    assertThat(Wants.excluded(lab.job, lab.policy))
                            .contains(
                                    SampleProvider.of("a").address(),
                                    SampleProvider.of("b").address(),
                                    lab.job.order().builder());
                }),
                Story.of("shouldRefuseAuditorsThatTheMaximumDoesNotCover", lab -> {
                    lab.placed(SampleJobs.withPrice(AuditStories.ALL, 820), "a")
                            .completes(0)
                            .drawn(10)
                            .serves();
                    lab.place(SampleProvider.of("b").asking(400_000), SampleProvider.of("c"));
                    lab.refused(ErrorCode.CONFLICT);
                    lab.place("b", "c");
                    assertThat(Wants.left(lab.job)).isEqualTo(Amount.of(820 - 205 - 2 * 103));
                }),
                Story.of("shouldTakeNoVerdictThatIsNotAskedForOrSaysSomethingElse", lab -> {
                    AuditStories.answered(lab);
                    var asked = lab.facts.stream()
                            .filter(VerdictRequested.class::isInstance)
                            .map(VerdictRequested.class::cast)
                            .filter(fact -> fact.attempt() == 1)
                            .findFirst()
                            .orElseThrow();
                    var good = lab.runs.get(1).sign(asked);
                    var verdict = good.verdict();
                    lab.says(1, new SignVerdict(Lab.ID, verdict, Parties.HUB.sign(Parties.digest("no"))));
                    lab.refused(ErrorCode.BAD_SIGNATURE);
                    var other = new Verdict(
                            verdict.assignmentHash(),
                            verdict.commitmentHash(),
                            Parties.digest("other"),
                            verdict.outputDigest(),
                            verdict.verifiedTo());
                    lab.says(1, new SignVerdict(Lab.ID, other, good.signature()));
                    lab.refused(ErrorCode.MALFORMED);
                    lab.says(2, good);
                    lab.refused(ErrorCode.NOT_ASSIGNED);
                    lab.says(1, good);
                    lab.says(1, good);
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldTakeNoCheckpointThatIsOfNoUse", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2);
                    lab.says(0, lab.runs.get(0).serve(3));
                    lab.refused(ErrorCode.NO_RECEIPT);
                    lab.says(0, lab.runs.get(0).serve(4));
                    lab.refused(ErrorCode.UNSUPPORTED);
                    lab.says(0, lab.runs.get(0).serve(2));
                    lab.says(0, lab.runs.get(0).serve(2));
                    lab.refused(ErrorCode.CONFLICT);
                }),
                Story.of("shouldReplaceARunWhoseKeyWasRevokedWhileItIsAudited", lab -> {
                    AuditStories.answered(lab).revoked(0, 0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.place("d").completes(3).drawn(10).serves().sign();
                    assertThat(lab.winners()).containsExactly(3);
                    assertThat(lab.payable().verdicts()).hasSize(2);
                }));
    }

    static AttemptEnded ended(Lab lab, int attempt) {
        return lab.facts.stream()
                .filter(AttemptEnded.class::isInstance)
                .map(AttemptEnded.class::cast)
                .filter(fact -> fact.attempt() == attempt)
                .findFirst()
                .orElseThrow();
    }
}
