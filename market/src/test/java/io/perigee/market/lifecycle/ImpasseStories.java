package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Providers whose checkpoints fit what they sealed and are none, and who says so of those that are. */
final class ImpasseStories {
    private ImpasseStories() {}

    static List<Story> all() {
        return Stream.of(wholes(), parts()).flatMap(stories -> stories).toList();
    }

    /** The whole is open and all of it drawn: the first auditor begins at the start, the second at border 2. */
    private static Lab audited(Lab lab) {
        return lab.completes(0).drawn(10).serves().place("b", "c");
    }

    /** A part of two borders was left, is audited and holds. */
    private static Lab held(Lab lab) {
        return lab.placed(AuditStories.SOME, "a")
                .accept(0)
                .pass(0, 1)
                .pass(0, 2)
                .gone(0)
                .drawn(10)
                .place("b", "c")
                .completes(1, 2)
                .sign();
    }

    private static Lab cannotBegin(Lab lab, int attempt) {
        return cannotRun(lab, attempt, FailureKind.BAD_CHECKPOINT);
    }

    private static Lab cannotRun(Lab lab, int attempt, FailureKind kind) {
        lab.accept(attempt);
        lab.says(attempt, lab.runs.get(attempt).fail(kind, 65, "its header is not JSON"));
        return lab;
    }

    private static Optional<OutcomeKind> outcome(Lab lab, int attempt) {
        return TrackRecord.of(lab.job, lab.job.attempt(attempt), NumericClass.STRICT::equals)
                .map(outcome -> outcome.kind());
    }

    private static Stream<Story> wholes() {
        return Stream.of(
                Story.of("shouldForfeitThePayOfWhoServesACheckpointThatAQuorumCannotBeginFrom", lab -> {
                    audited(lab.placed(AuditStories.ALL, "rubbish").lies(0, 2, "rubbish"));
                    assertThat(lab.job.attempt(2).assignment().fromBorder()).isEqualTo(2);
                    cannotBegin(lab, 2).place("d");
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    cannotBegin(lab, 3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(AuditAdversaryStories.ended(lab, 0).detail())
                            .contains("attempts [2, 3] could not run on from border 2");
                    assertThat(outcome(lab, 0)).contains(OutcomeKind.DOUBTED);
                    assertThat(outcome(lab, 2)).as("it has done its work").isEmpty();
                    assertThat(lab.attempt(1)).as("it audits what is out").isEqualTo(AttemptState.CANCELLED);
                    lab.place("e").completes(4).drawn(10).serves().place("f", "g");
                    lab.completes(5, 6).sign();
                    assertThat(lab.winners()).containsExactly(4);
                    assertThat(lab.contradictors()).as("its bond burns").containsExactly(0);
                    assertThat(outcome(lab, 0)).contains(OutcomeKind.CHEATED);
                }),
                Story.of("shouldForfeitThePayOfWhoSealedASegmentThatAQuorumCannotRun", lab -> {
                    // from weights that are numbers and no trained ones, a trainer diverges
                    audited(lab.placed(AuditStories.ALL, "huge").lies(0, 2, "huge"));
                    cannotRun(lab, 2, FailureKind.BAD_SPEC).place("d");
                    cannotRun(lab, 3, FailureKind.BAD_DATA);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(outcome(lab, 0)).contains(OutcomeKind.DOUBTED);
                }),
                Story.of("shouldNotForfeitForWhatTheMachinesOfItsAuditorsLacked", lab -> {
                    audited(lab.placed(AuditStories.ALL, "a"));
                    cannotRun(lab, 2, FailureKind.INPUT_UNAVAILABLE).place("d");
                    cannotRun(lab, 3, FailureKind.OUT_OF_MEMORY).place("e");
                    cannotRun(lab, 4, FailureKind.ENGINE).place("f");
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.completes(1, 5).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldDoubtNobodyWhereBitsProveNothing", lab -> {
                    lab.numericClass = Parties.digest("a class of its own");
                    audited(lab.placed(AuditStories.ALL, "a"));
                    cannotBegin(lab, 2).place("d");
                    cannotBegin(lab, 3);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(outcome(lab, 0)).contains(OutcomeKind.CRASHED);
                }),
                Story.of("shouldNotBelieveOneAuditorThatACheckpointIsNone", lab -> {
                    audited(lab.placed(AuditStories.ALL, "a"));
                    cannotBegin(lab.completes(1), 2);
                    assertThat(Wants.excluded(lab.job, lab.policy))
                            .contains(SampleProvider.of("c").address());
                    assertThat(outcome(lab, 2)).as("nobody says more yet").isEmpty();
                    lab.place("d").completes(3).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(outcome(lab, 2))
                            .as("another began there, and it holds")
                            .contains(OutcomeKind.DOUBTED);
                }),
                Story.of("shouldDoubtAnAuditorThatSaysOfTheJobWhatNobodyElseFinds", lab -> {
                    audited(lab.placed(AuditStories.ALL, "a"));
                    cannotRun(lab.completes(2), 1, FailureKind.BAD_SPEC).place("d");
                    lab.completes(3).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(outcome(lab, 1)).contains(OutcomeKind.DOUBTED);
                }),
                Story.of("shouldCountADenialThatIsRefutedAsACrashWhereBitsProveNothing", lab -> {
                    lab.numericClass = Parties.digest("a class of its own");
                    audited(lab.placed(AuditStories.ALL, "a"));
                    cannotBegin(lab.completes(1), 2).place("d");
                    lab.completes(3).sign();
                    assertThat(outcome(lab, 2)).contains(OutcomeKind.CRASHED);
                }),
                Story.of("shouldCountAnUnopenedSealForOneVoiceAgainstThoseWhoCouldNotRunOn", lab -> {
                    audited(lab.placed(AuditStories.ALL, "rubbish").lies(0, 2, "rubbish"));
                    lab.accept(2).commit(2, 3).gone(2).place("d");
                    cannotBegin(lab, 3).place("e");
                    cannotBegin(lab, 4);
                    assertThat(lab.attempt(0)).as("one says that it got on").isEqualTo(AttemptState.REVEALED);
                    cannotBegin(lab.place("f"), 5);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                }),
                Story.of("shouldBelieveOneWhoBeganMoreThanThoseWhoCouldNot", lab -> {
                    audited(lab.placed(AuditStories.ALL, "a"));
                    // c differs in the segment that it begins with, so others are asked for that
                    lab.forges(2, 3, 3).completes(1, 2).place("d");
                    assertThat(lab.job.attempt(3).assignment().fromBorder()).isEqualTo(2);
                    cannotBegin(lab, 3).place("e");
                    cannotBegin(lab, 4);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                }),
                Story.of("shouldTakeNoWordOfACheckpointFromWhoWasGivenNone", lab -> {
                    cannotBegin(lab.placed(AuditStories.ALL, "a"), 0);
                    lab.refused(ErrorCode.UNSUPPORTED);
                }),
                Story.of("shouldTakeNoWordOfACheckpointFromWhoHasSealedWhatFollows", lab -> {
                    audited(lab.placed(AuditStories.ALL, "a")).accept(2).commit(2, 3);
                    lab.says(2, lab.runs.get(2).fail(FailureKind.BAD_CHECKPOINT, 65, "its header is not JSON"));
                    lab.refused(ErrorCode.UNSUPPORTED);
                }));
    }

    private static Stream<Story> parts() {
        return Stream.of(
                Story.of("shouldBeginAnewWhenAQuorumOfOwnersCannotBeginFromTheCheckpointOfThePart", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).pass(0, 1).pass(0, 2);
                    lab.gone(0).drawn(10).place("b", "c").completes(1);
                    assertThat(lab.job.attempt(2).assignment().fromBorder()).isEqualTo(1);
                    cannotBegin(lab, 2).place("d").accept(3);
                    lab.says(3, lab.runs.get(3).fail(FailureKind.INPUT_UNAVAILABLE, null, "404"));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.only(JobReopened.class).reason())
                            .contains("attempts [2, 3] could not run on from border 1");
                    lab.place("e");
                    assertThat(lab.job.attempt(4).assignment().fromBorder()).isZero();
                }),
                Story.of("shouldDrawOfAPartNoMoreThanTheMaximumWasComputedFor", lab -> {
                    lab.placed(SampleJobs.withSegments(AuditStories.SOME, 16), "a")
                            .accept(0)
                            .pass(0, 8)
                            .gone(0)
                            .drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).segments())
                            .as("one more auditor, and nobody could go on from it")
                            .containsExactly(1, 4);
                }),
                Story.of("shouldBlameNoBuilderForAPartThatNobodyCanGoOnFrom", lab -> {
                    cannotBegin(held(lab).place("d"), 3);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    cannotBegin(lab.place("e"), 4);
                    var failed = lab.only(JobFailed.class);
                    assertThat(failed.cause()).isEqualTo(Cause.PROVIDERS_LOST);
                    assertThat(failed.detail()).contains("attempts [3, 4] could not run on from border 2");
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldLetAnotherGoOnFromAPartThatOneCannotBeginFrom", lab -> {
                    cannotBegin(held(lab).place("d"), 3);
                    lab.place("e").completes(4).drawn(10).serves();
                    lab.place("f", "g").completes(5, 6).sign();
                    assertThat(lab.winners()).containsExactly(4);
                }));
    }
}
