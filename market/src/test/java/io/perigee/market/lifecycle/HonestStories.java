package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.payout.Payouts;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.util.List;

/** Jobs of honest parties, on good days and bad. */
final class HonestStories {
    private HonestStories() {}

    static List<Story> all() {
        return List.of(
                Story.of("shouldFinishWhatWasAssignedBeforeItsKeyWasRevoked", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .completes(0)
                            .revoked(0, 1)
                            .completes(1);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(0, 1);
                }),
                Story.of("shouldReplaceWhatWasAssignedAfterItsKeyWasRevoked", lab -> {
                    // the contract would take no evidence that holds it
                    lab.placed(SampleJobs.strict(2), "a", "b").completes(0).revoked(0, 0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    lab.completes(1).place("c");
                    lab.completes(2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(1, 2);
                }),
                Story.of("shouldDecideASplitWithoutARevokedReplica", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .lies(1, 2, "alone")
                            .completes(0, 1);
                    assertThat(lab.phase()).isEqualTo(Phase.DISPUTED);
                    lab.revoked(1, 0);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    lab.place("c");
                    lab.completes(2);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(0, 2);
                    assertThat(lab.contradictors()).isEmpty();
                }),
                Story.of("shouldPayNoPartThatARevokedReplicaOpened", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.reveal(0, 2).revoked(0, 0).reveal(1, 2);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldTakeAnOrderThatIsPaidDirectly", lab -> {
                    var spec = SampleJobs.strict(2);
                    var order = SampleJobs.order(Lab.ID, spec, lab.now, Pricing.orderSeconds(spec, lab.policy));
                    lab.input(new JobInput.Observed(SampleJobs.submitted(order.settled(true), spec)));
                    assertThat(lab.phase()).isEqualTo(Phase.SUBMITTED);
                }),
                Story.of("shouldPayTwoReplicasThatAgree", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0, 1);
                    lab.commit(0, 1).commit(1, 1).commit(0, 3).commit(0, 4).commit(1, 4);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.COMMITTED);
                    lab.reveal(0, 4).reveal(1, 4);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.winners()).containsExactly(0, 1);
                    assertThat(lab.contradictors()).isEmpty();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.VERIFIED);
                    assertThat(Payouts.plan(lab.job.order(), lab.payable()).paid())
                            .isEqualTo(Amount.of(410));
                    lab.input(new JobInput.Observed(new EpochJoined(Lab.ID, 7, Lab.START, Lab.START)));
                    lab.input(new JobInput.Observed(new EpochPosted(Lab.ID, 7, "0x00", 1, List.of(), Lab.START)));
                    lab.input(new JobInput.Observed(new EpochLeft(Lab.ID, 7, "it is void", Lab.START)));
                    lab.input(new JobInput.Observed(new SettlementSent(Lab.ID, "direct", "0x01")));
                    lab.settled();
                    assertThat(lab.phase()).isEqualTo(Phase.SETTLED);
                    assertThat(lab.job.nextDeadline(lab.policy)).isEmpty();
                }),
                Story.of("shouldPayAllThreeReplicasThoughTwoWereEnough", lab -> {
                    lab.placed(SampleJobs.strict(3), "a", "b", "c").completes(0, 1);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.completes(2);
                    assertThat(lab.winners()).containsExactly(0, 1, 2);
                }),
                Story.of("shouldAcceptAJobWithoutSegments", lab -> {
                    lab.placed(SampleJobs.container(2), "a", "b").completes(0, 1);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(lab.payable().winners().getFirst().opening().leafCount())
                            .isZero();
                    assertThat(lab.payable()
                                    .winners()
                                    .getFirst()
                                    .assignment()
                                    .numericClass()
                                    .isZero())
                            .isTrue();
                }),
                Story.of("shouldQueueUntilSomebodyFits", lab -> {
                    lab.funded(SampleJobs.strict(2)).nobody("price.max");
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.nobody("price.max");
                    assertThat(((Decision.Accepted) lab.last).facts()).isEmpty();
                    lab.nobody("stake");
                    lab.place("a", "b");
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                }),
                Story.of("shouldExpireInTheQueue", lab -> {
                    lab.funded(SampleJobs.strict(2)).nobody("price.max").wait(Duration.ofSeconds(599));
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.wait(Duration.ofSeconds(1));
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldExpireUnfunded", lab -> assertThat(
                                lab.submit(SampleJobs.strict(2)).due().outcome())
                        .isEqualTo(Outcome.EXPIRED)),
                Story.of("shouldExpireWhenMatchingNeverLooks", lab -> assertThat(
                                lab.funded(SampleJobs.strict(2)).due().outcome())
                        .isEqualTo(Outcome.EXPIRED)),
                Story.of("shouldFailWhenFundingIsRefused", lab -> {
                    lab.submit(SampleJobs.strict(2));
                    lab.input(new JobInput.Observed(
                            new FundingRefused(Lab.ID, ErrorCode.ALLOTMENT_TOO_SMALL, "too small")));
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.FUNDING);
                    lab.input(new JobInput.Observed(new JobFunded(Lab.ID, Amount.of(2_500), 9)));
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldReplaceAProviderThatIsGoneOrDeclinesOrYields", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).gone(0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    lab.says(1, lab.runs.get(1).decline());
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.DECLINED);
                    var wants = lab.job.wants(lab.now, lab.policy).orElseThrow();
                    assertThat(wants.count()).isEqualTo(2);
                    assertThat(wants.selection()).isEqualTo(PlacementRequest.Selection.CHEAPEST);
                    lab.place("a", "c").completes(2, 3);
                    assertThat(lab.winners()).containsExactly(2, 3);
                }),
                Story.of("shouldReplaceAProviderThatNeverTakesItsAssignment", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).wait(Duration.ofSeconds(30));
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.RUNNING);
                    lab.nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    lab.place("c").completes(0, 2);
                    assertThat(lab.winners()).containsExactly(0, 2);
                }),
                Story.of("shouldQueueAgainWhenAllAreLost", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").gone(0).gone(1).nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.place("c", "d").completes(2, 3);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                }),
                Story.of("shouldKeepASealedResultOfAProviderThatIsGone", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .gone(0);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.COMMITTED);
                    lab.reveal(0, 4).commit(1, 4).reveal(1, 4);
                    assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
                }),
                Story.of("shouldLoseASealThatIsNotOpenedInTime", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .wait(Duration.ofSeconds(300));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                }),
                Story.of("shouldNotReassignWhatNoLongerFitsTheOrder", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0, 1)
                            .commit(0, 4)
                            .reveal(0, 4);
                    lab.now = Lab.START.plusSeconds(3_600);
                    lab.gone(1);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isPresent();
                    lab.now = Deadlines.latestAssignment(lab.job, lab.policy).plusSeconds(1);
                    assertThat(lab.job.wants(lab.now, lab.policy)).isEmpty();
                    lab.untilDecided();
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.CANCELLED);
                }));
    }
}
