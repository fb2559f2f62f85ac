package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.payout.Payouts;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Jobs that end before a quorum agreed on the whole. */
final class EndingStories {
    private EndingStories() {}

    static List<Story> all() {
        return List.of(
                Story.of("shouldCancelBeforeFunding", lab -> {
                    lab.submit(SampleJobs.strict(2)).cancel();
                    assertThat(lab.only(JobCancelled.class).payable().owesNothing())
                            .isTrue();
                }),
                Story.of("shouldCancelWhenFunded", lab -> cancelled(lab.funded(SampleJobs.strict(2)))),
                Story.of(
                        "shouldCancelInTheQueue",
                        lab -> cancelled(lab.funded(SampleJobs.strict(2)).nobody("slots"))),
                Story.of("shouldOweNothingWhenNoQuorumSealedAnything", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0)
                            .commit(0, 3)
                            .cancel();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldPayOnlyTheVerifiedPartWhenCancelled", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.commit(0, 1)
                            .commit(0, 2)
                            .commit(0, 3)
                            .commit(1, 1)
                            .commit(1, 2)
                            .cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    assertThat(lab.facts.stream().filter(RevealRequested.class::isInstance))
                            .hasSize(2);
                    lab.commit(1, 3);
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.reveal(0, 2).reveal(1, 2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                    assertThat(lab.winners()).containsExactly(0, 1);
                    // two of four borders, of 205 each: rounded down
                    assertThat(Payouts.plan(lab.job.order(), lab.payable()).paid())
                            .isEqualTo(Amount.of(204));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.VERIFIED);
                }),
                Story.of("shouldAskAReplicaThatIsDoneForItsPart", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(0, 4)
                            .reveal(0, 4);
                    lab.commit(1, 2).cancel();
                    lab.reveal(0, 2).reveal(1, 2);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldPayNobodyWhenOneStaysSilentWhileClosing", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(0, 2).due();
                    assertThat(lab.payable().owesNothing()).isTrue();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                }),
                Story.of("shouldPayWhoUploadsACheckpointBeforeItOpensAPart", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(0, 2).wait(Duration.ofSeconds(90)).reveal(1, 2);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldWaitForOpeningsNoLongerThanARunMayTake", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2);
                    var lease = Instant.ofEpochSecond(
                            lab.job.attempt(0).assignment().leaseUntil());
                    lab.now = lease.minusSeconds(320);
                    lab.cancel();
                    assertThat(lab.job.nextDeadline(lab.policy)).contains(lease);
                }),
                Story.of("shouldNotCountAsACrashWhatABuilderGaveNoTimeToOpen", lab -> {
                    var hasty = SampleJobs.withDeadlines(SampleJobs.strict(2), new JobSpec.Deadlines(600, 3_600, 299));
                    lab.placed(hasty, "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(0, 2).due();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(1), NumericClass.STRICT::equals))
                            .isEmpty();
                }),
                Story.of("shouldTakeNoPartWithoutItsCheckpoint", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.says(0, lab.runs.get(0).bare(2));
                    lab.refused(ErrorCode.ARTIFACT_MISSING);
                    lab.reveal(0, 2).reveal(1, 2);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldCloseWithReplicasInEveryState", lab -> {
                    // given attempt 0 open, 1 sealed, 2 running; then all are asked for border 2
                    lab.placed(SampleJobs.strict(4), "a", "b", "c", "d").accept(0, 1, 2);
                    lab.commit(0, 2)
                            .commit(0, 4)
                            .reveal(0, 4)
                            .commit(1, 2)
                            .commit(1, 4)
                            .commit(2, 2)
                            .cancel();
                    assertThat(lab.attempt(3)).isEqualTo(AttemptState.CANCELLED);
                    lab.reveal(1, 2).reveal(2, 2);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.COMMITTED);
                    lab.due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldVerifyASealedReplicasPart", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.commit(0, 2).commit(0, 4).commit(1, 2).cancel();
                    lab.reveal(0, 2).reveal(1, 2);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.VERIFIED);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldLoseASilentSealWhileClosing", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(0, 4)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(1, 2).due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldEndClosingWhenAReplicaFails", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(0, 2);
                    lab.says(1, lab.runs.get(1).fail(FailureKind.ENGINE, null, "engine died"));
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                }),
                Story.of("shouldRefuseToCancelWhatAQuorumHasSealed", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .commit(1, 4)
                            .cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.reveal(0, 4).reveal(1, 4);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    lab.cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldPayThePartWhenTheRunDeadlineIsTooShortForAll", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 3)
                            .commit(1, 3);
                    lab.due();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.reveal(0, 3).reveal(1, 3);
                    assertThat(lab.only(JobExpired.class).state()).isEqualTo("ACTIVE");
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                }),
                Story.of("shouldPayThePartWhenAQuorumSaysThatTheRunDeadlineIsTooShort", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 3)
                            .commit(1, 3);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    lab.says(1, lab.runs.get(1).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    lab.due();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.reveal(0, 3).reveal(1, 3);
                    assertThat(lab.only(JobExpired.class).state()).isEqualTo("ACTIVE");
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldExpireWhenAQuorumSaysThatTheDeadlineIsTooShortForAJobWithoutSegments", lab -> {
                    lab.placed(SampleJobs.container(2), "a", "b").accept(0, 1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.FAILED);
                    lab.says(1, lab.runs.get(1).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                }),
                Story.of("shouldCountWhoSaysThatItsTimeIsUpWithThoseWhoseTimeWas", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).commit(0, 3);
                    lab.completes(1).due();
                    lab.place("c").accept(2).commit(2, 3);
                    lab.says(2, lab.runs.get(2).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                }),
                Story.of("shouldReplaceAtOnceWhoSaysThatItsTimeIsUpAndSealedNothing", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).commit(1, 3);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.TIMED_OUT, null, "time is up"));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.FAILED);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isPresent();
                }),
                Story.of("shouldAcceptWhatAQuorumAgreesOnThoughOthersAreLate", lab -> {
                    lab.placed(SampleJobs.strict(3), "a", "b", "c")
                            .accept(0)
                            .commit(0, 1)
                            .completes(1);
                    lab.says(2, lab.runs.get(2).decline());
                    // one that was too slow, one that will be, and in between a quorum
                    lab.wait(Duration.ofSeconds(100)).place("d").accept(3).commit(3, 1);
                    lab.due().place("e").completes(4).due();
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(1, 4);
                    assertThat(lab.attempt(3)).isEqualTo(AttemptState.FAILED);
                }),
                Story.of("shouldReplaceOneThatIsTooSlowAlone", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .reveal(0, 4)
                            .due();
                    assertThat(lab.job.attempt(1).failure()).contains(FailureKind.TIMED_OUT);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isPresent();
                }),
                Story.of("shouldExpireWhenNothingIsSealedInCommon", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 1)
                            .commit(1, 2)
                            .due();
                    assertThat(lab.only(JobExpired.class).payable().owesNothing())
                            .isTrue();
                }),
                Story.of("shouldFailWithTheContainersOwnReasonWhenAQuorumSaysSo", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.says(1, lab.runs.get(1).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));
                    var failed = lab.only(JobFailed.class);
                    assertThat(failed.cause()).isEqualTo(Cause.BAD_DATA);
                    assertThat(failed.detail()).isEqualTo("line 3 is no JSON");
                    assertThat(failed.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldTellLackOfMemoryFromACrash", lab -> {
                    crashes(lab, FailureKind.OUT_OF_MEMORY);
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.OUT_OF_MEMORY);
                }),
                Story.of("shouldTellACrashFromLackOfMemory", lab -> {
                    crashes(lab, FailureKind.CRASHED);
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.CONTAINER);
                }),
                Story.of("shouldNotWaitForMoreCrashesWhenNobodyIsLeftToTry", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.OUT_OF_MEMORY, 137, "killed"));
                    lab.says(1, lab.runs.get(1).fail(FailureKind.OUT_OF_MEMORY, 137, "killed"));
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.nobody("verification.replicas");
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.OUT_OF_MEMORY);
                }),
                Story.of("shouldFinishOnAnotherProviderAfterOneCrash", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.CRASHED, 139, "segfault"));
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().excludedOwners())
                            .contains(lab.job.attempt(0).owner());
                    lab.place("c").completes(1, 2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                }),
                Story.of("shouldReplaceAYieldedOrUndeliveredReplica", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.INPUT_UNAVAILABLE, null, "no such artifact"));
                    lab.says(1, lab.runs.get(1).fail(FailureKind.YIELDED, 75, "owner is back"));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.FAILED);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.YIELDED);
                    lab.place("c", "d").accept(2, 3).commit(2, 4);
                    lab.says(2, lab.runs.get(2).fail(FailureKind.ENGINE, null, "disk full"));
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.FAILED);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isPresent();
                }),
                Story.of("shouldGiveUpWhenAllAttemptsAreUsed", lab -> {
                    lab.funded(SampleJobs.strict(2));
                    for (int i = 0; i < Lab.POLICY.maxAttempts(); i += 2) {
                        lab.place("p" + i, "q" + i).accept(i, i + 1);
                        lab.says(i, lab.runs.get(i).fail(FailureKind.YIELDED, 75, "owner is back"));
                        lab.says(i + 1, lab.runs.get(i + 1).fail(FailureKind.YIELDED, 75, "owner is back"));
                    }
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.PROVIDERS_LOST);
                }),
                Story.of("shouldCancelWithAnAssignmentNobodyTook", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .wait(Duration.ofSeconds(1))
                            .cancel();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }));
    }

    private static void cancelled(Lab lab) {
        lab.cancel();
        assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(lab.payable().owesNothing()).isTrue();
    }

    private static void crashes(Lab lab, FailureKind kind) {
        lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
        lab.says(0, lab.runs.get(0).fail(kind, 137, "died"));
        lab.says(1, lab.runs.get(1).fail(kind, 137, "died"));
        lab.place("c", "d").accept(2, 3);
        lab.says(2, lab.runs.get(2).fail(kind, 137, "died"));
    }
}
