package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.payout.Payouts;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Opening;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;

/** Providers that lie, and builders that look for a way around paying. */
final class AdversaryStories {
    private AdversaryStories() {}

    static List<Story> all() {
        return List.of(
                Story.of("shouldNameTheCheaterAndPayTheTwoHonest", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 1, "forged")
                            .completes(0, 1);
                    assertThat(lab.phase()).isEqualTo(Phase.DISPUTED);
                    assertThat(lab.only(ResultDisputed.class).attempts()).containsExactly(0, 1);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().selection())
                            .isEqualTo(PlacementRequest.Selection.BY_STAKE);
                    lab.nobody("slots").place("c");
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.completes(2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(0, 2);
                    assertThat(lab.contradictors()).containsExactly(1);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                    var plan = Payouts.plan(lab.job.order(), lab.payable());
                    assertThat(plan.paid()).isEqualTo(Amount.of(410));
                    assertThat(plan.burns()).singleElement().satisfies(burn -> assertThat(burn.amount())
                            .isEqualTo(Amount.of(205)));
                }),
                Story.of("shouldNotBurnABondOutsideTheStrictClass", lab -> {
                    lab.placed(SampleJobs.container(2), "a", "cheat")
                            .lies(1, 1, "forged")
                            .completes(0, 1);
                    lab.place("c").completes(2);
                    assertThat(lab.winners()).containsExactly(0, 2);
                    assertThat(lab.contradictors()).isEmpty();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldPayTheUndisputedPartWhenNobodyCanDecide", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 3, "forged")
                            .accept(0, 1);
                    lab.commit(0, 2)
                            .commit(0, 4)
                            .commit(1, 1)
                            .commit(1, 2)
                            .commit(1, 4)
                            .reveal(0, 4)
                            .reveal(1, 4)
                            .due();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.reveal(0, 2).reveal(1, 2);
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.NO_QUORUM);
                    assertThat(lab.payable().toBorder()).isEqualTo(2);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldOweNothingWhenEverythingIsDisputed", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 1, "forged")
                            .completes(0, 1)
                            .due();
                    assertThat(lab.only(JobFailed.class).payable().owesNothing())
                            .isTrue();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldGiveUpAfterThreeDifferentAnswers", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .lies(1, 1, "one")
                            .completes(0, 1)
                            .place("c");
                    lab.lies(2, 1, "two").completes(2);
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.NO_QUORUM);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldNotLetABuilderFleeFromADisputeWithoutPayingWhatIsUndisputed", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 4, "forged")
                            .accept(0, 1);
                    lab.commit(0, 3)
                            .commit(0, 4)
                            .commit(1, 3)
                            .commit(1, 4)
                            .reveal(0, 4)
                            .reveal(1, 4)
                            .cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.reveal(0, 3).reveal(1, 3);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().toBorder()).isEqualTo(3);
                }),
                Story.of("shouldLetABuilderCancelADisputeAboutEverything", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 1, "forged")
                            .completes(0, 1)
                            .cancel();
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldRejectAnOpeningOfAnotherSeal", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .lies(0, 2, "changed")
                            .reveal(0, 4);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().count())
                            .isEqualTo(1);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().excludedOwners())
                            .contains(lab.job.attempt(0).owner());
                }),
                Story.of("shouldRejectLeavesThatDoNotGiveTheRoot", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1).commit(0, 4);
                    var honest = lab.runs.get(0).reveal(4);
                    var others = lab.lies(0, 2, "other").runs.get(0).segments(4);
                    lab.says(0, with(honest, honest.opening(), others));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldRejectAFalsePartOfAReplicaThatIsDone", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(0, 4)
                            .reveal(0, 4);
                    lab.commit(1, 2).cancel();
                    var reveal = lab.runs.get(0).reveal(2);
                    lab.says(0, with(reveal, salted(reveal.opening()), reveal.segments()));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    lab.reveal(1, 2);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldRejectAFalsePartOfARunningReplica", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    var reveal = lab.runs.get(1).reveal(2);
                    lab.says(1, with(reveal, salted(reveal.opening()), reveal.segments()));
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldHearTheContainersComplaintAsAnAnswer", lab -> {
                    // given one replica blames the data and the other delivers
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.BAD_DATA, 65, "lie"));
                    lab.commit(1, 4).reveal(1, 4);
                    assertThat(lab.phase()).isEqualTo(Phase.DISPUTED);
                    lab.place("c").completes(2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(1, 2);
                }),
                Story.of("shouldFailWhenTwoOfThreeBlameTheImage", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").completes(0).accept(1);
                    lab.says(1, lab.runs.get(1).fail(FailureKind.CONTRACT_BROKEN, 0, "no DONE file"));
                    lab.place("c").accept(2);
                    lab.says(2, lab.runs.get(2).fail(FailureKind.CONTRACT_BROKEN, 0, "no DONE file"));
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.CONTAINER);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }),
                Story.of("shouldEndTheClosingOfADisputeWhenTimeIsUp", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "cheat")
                            .lies(1, 3, "forged")
                            .accept(0, 1);
                    lab.commit(0, 2)
                            .commit(0, 4)
                            .commit(1, 2)
                            .commit(1, 4)
                            .reveal(0, 4)
                            .reveal(1, 4)
                            .untilDecided();
                    assertThat(lab.only(JobFailed.class).payable().owesNothing())
                            .isTrue();
                }));
    }

    private static Opening salted(Opening opening) {
        return new Opening(opening.root(), opening.leafCount(), opening.outputDigest(), opening.root());
    }

    private static RevealResult with(
            RevealResult reveal, Opening opening, List<io.perigee.protocol.result.SegmentHashes> segments) {
        return new RevealResult(
                reveal.jobId(),
                reveal.assignmentHash(),
                reveal.border(),
                opening,
                segments,
                reveal.outputs(),
                reveal.checkpoint());
    }
}
