package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.Outcome;
import java.time.Duration;
import java.util.List;

/** Audited jobs in which somebody comes late, or speaks when it is not the time. */
final class AuditTimeStories {
    private AuditTimeStories() {}

    /** Two auditors ran the same one segment, by which the first run fell, and wait for the next. */
    private static Lab convicted(Lab lab) {
        lab.placed(AuditStories.SOME, "cheat")
                .forges(0, 2, 2)
                .completes(0)
                .drawn(0)
                .serves()
                .place("b", "c", "d", "e")
                .completes(1, 2, 3, 4)
                .place("f")
                .completes(5);
        return lab;
    }

    /** The first run vanished, and an auditor of its part is at work when the part is dropped for want of another. */
    private static Lab leftAtWork(Lab lab) {
        lab.placed(AuditStories.SOME, "a").accept(0).pass(0, 2).gone(0).drawn(10);
        lab.place("b", "c").accept(1, 2).gone(2).due();
        return lab;
    }

    static List<Story> all() {
        return List.of(
                Story.of("shouldNotPayAuditorsAsRunsWhenTheNextRunIsNotOpened", lab -> {
                    convicted(lab);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.REVEALED);
                    assertThat(lab.attempt(5)).isEqualTo(AttemptState.REVEALED);
                    lab.place("g").accept(6).commit(6, 2).cancel();
                    assertThat(lab.phase()).isEqualTo(Phase.CLOSING);
                    lab.due();
                    assertThat(lab.attempt(6)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.outcome()).isEqualTo(Outcome.CANCELLED);
                    assertThat(lab.payable().owesNothing()).isTrue();
                }),
                Story.of("shouldTakeNoCheckpointWhileTheJobEnds", lab -> {
                    lab.placed(AuditStories.ALL, "a").accept(0).commit(0, 2).cancel();
                    lab.says(0, lab.runs.get(0).serve(1));
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldWaitForAnotherAuditorAsLongAfterALateAnswerAsAtFirst", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "liar").lies(2, 1, "forged").accept(1, 2);
                    lab.wait(Duration.ofSeconds(3_000));
                    lab.completes(1, 2).wait(Duration.ofSeconds(599));
                    assertThat(lab.phase()).isEqualTo(Phase.AUDITING);
                    lab.place("d").completes(3).place("e").completes(4).sign();
                    assertThat(lab.winners()).containsExactly(0);
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.REJECTED);
                }),
                Story.of("shouldExpireWhenNobodyDecidesALateDifferenceInTime", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "liar").lies(2, 1, "forged").accept(1, 2);
                    lab.wait(Duration.ofSeconds(3_000));
                    lab.completes(1, 2);
                    lab.now = Deadlines.latestAssignment(lab.job, lab.policy).minusSeconds(1);
                    lab.wait(Duration.ZERO);
                    assertThat(lab.phase())
                            .as("who has sealed is waited for as long as an audit fits")
                            .isEqualTo(Phase.AUDITING);
                    lab.wait(Duration.ofSeconds(1));
                    assertThat(lab.outcome()).isEqualTo(Outcome.EXPIRED);
                }),
                Story.of("shouldHearAnAuditorThatIsAtWorkWhileNobodyRunsTheJob", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "c").accept(1).revoked(0, 0).nobody("slots");
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                    lab.commit(1, 2).reveal(1, 2).accept(2).commit(2, 4);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REVEALED);
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.COMMITTED);
                    lab.place("d").completes(3).reveal(2, 4).drawn(10).serves().sign();
                    assertThat(lab.winners()).containsExactly(3);
                    assertThat(lab.payable().verdicts())
                            .extracting(audit -> audit.run().assignment().attempt())
                            .containsExactly(1, 2);
                }),
                Story.of("shouldNotKeepAnAuditorThatIsGoneWhileNobodyRunsTheJob", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "c")
                            .accept(1, 2)
                            .revoked(0, 0)
                            .nobody("slots")
                            .gone(1);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.LOST);
                }),
                Story.of("shouldNotWaitForAnAuditorThatIsLateWhileNobodyRunsTheJob", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "c").accept(1).revoked(0, 0).nobody("slots");
                    lab.due();
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.phase()).isEqualTo(Phase.QUEUED);
                }),
                Story.of("shouldNotWaitForAnAuditorThatIsLateWhileAnswersDiffer", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10).serves();
                    lab.place("b", "c").accept(1).revoked(0, 0);
                    lab.place("d").accept(3);
                    lab.says(3, lab.runs.get(3).fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON"));
                    lab.place("e").accept(4);
                    lab.says(4, lab.runs.get(4).fail(FailureKind.BAD_SPEC, 64, "no such field"));
                    assertThat(lab.phase()).isEqualTo(Phase.DISPUTED);
                    lab.due();
                    assertThat(lab.attempt(2)).isEqualTo(AttemptState.LOST);
                    assertThat(lab.phase()).isEqualTo(Phase.DISPUTED);
                }),
                Story.of("shouldLeaveSomebodyToDecideWhereFewerOwnersCanAudit", lab -> {
                    lab.placed(AuditStories.SOME, "a").completes(0).drawn(0).serves();
                    var wants = lab.job.alternatives(lab.now, lab.policy, Lab::secret);
                    assertThat(wants).extracting(PlacementRequest::count).containsExactly(4, 3, 2);
                    assertThat(wants.getFirst().standby())
                            .isEqualTo(new PlacementRequest.Standby(
                                    1, wants.getFirst().bondPercent()));
                    assertThat(wants.get(1).standby()).isNotNull();
                    assertThat(wants.getLast().standby())
                            .as("fewer than q do not do")
                            .isNull();
                }),
                Story.of("shouldGiveTheJobToNobodyWhoseOpenRunMayYetBeShownAsWrong", lab -> {
                    lab.placed(AuditStories.ALL, "silent").lies(0, 1, "forged").completes(0);
                    lab.drawn(10).due();
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                    lab.place("silent");
                    lab.refused(ErrorCode.CONFLICT);
                    lab.place("b").completes(1).drawn(10).serves();
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().excludedOwners())
                            .contains(lab.job.attempt(0).owner());
                    lab.place("c", "d").completes(2, 3).sign();
                    assertThat(lab.winners()).containsExactly(1);
                    assertThat(lab.contradictors()).containsExactly(0);
                }),
                Story.of("shouldWaitForTheBlockWhileAnAuditStillFits", lab -> {
                    lab.placed(AuditStories.SOME, "a").completes(0).wait(Duration.ofHours(1));
                    assertThat(lab.job.awaitedBlock()).as("the node is away").isPresent();
                    lab.drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).blockHash()).isNotNull();
                    lab.serves().place("b", "c").completes(1, 2).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldAuditEverythingWhileThatStillFitsWhenTheNodeStaysAway", lab -> {
                    lab.placed(AuditStories.SOME, "a").completes(0).due();
                    assertThat(lab.only(SegmentsDrawn.class).blockHash()).isNull();
                    lab.wait(Duration.ofSeconds(lab.job.spec().deadlines().upload() - 1));
                    lab.serves()
                            .wait(Duration.ofSeconds(lab.job.spec().deadlines().upload()));
                    lab.place("b", "c", "d", "e").completes(1, 2, 3, 4).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldGiveEachCheckpointItsOwnTimeToBeUploaded", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0).drawn(10);
                    for (int border = 1; border <= 3; border++) {
                        lab.wait(Duration.ofSeconds(lab.job.spec().deadlines().upload() - 1));
                        lab.says(0, lab.runs.get(0).serve(border));
                    }
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REVEALED);
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldAskForNoCheckpointLaterThanAnAuditFits", lab -> {
                    lab.placed(AuditStories.ALL, "a").completes(0);
                    lab.now = Pricing.latestDraw(lab.job.spec(), lab.job.order().deadline(), lab.policy)
                            .minusSeconds(100);
                    lab.drawn(10);
                    assertThat(lab.facts.stream()
                                    .filter(CheckpointRequested.class::isInstance)
                                    .map(fact -> Duration.between(lab.now, ((CheckpointRequested) fact).by())
                                            .toSeconds()))
                            .containsExactly(300L, 400L, 400L);
                    lab.wait(Duration.ofSeconds(299)).serves().wait(Duration.ofSeconds(101));
                    lab.place("b", "c").completes(1, 2).sign();
                    assertThat(lab.winners()).containsExactly(0);
                }),
                Story.of("shouldNotWaitForTheLastCheckpointOfWhoServesNone", lab -> {
                    lab.placed(AuditStories.ALL, "silent").completes(0).drawn(10);
                    lab.wait(Duration.ofSeconds(lab.job.spec().deadlines().upload()));
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.LOST);
                }),
                Story.of("shouldNotWaitForAnAuditorOfADroppedPartThatIsLate", lab -> {
                    leftAtWork(lab);
                    assertThat(lab.phase()).isEqualTo(Phase.ACTIVE);
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.RUNNING);
                    lab.place("d").accept(3).wait(Duration.ofSeconds(2_800));
                    lab.commit(3, 4).reveal(3, 4);
                    assertThat(lab.job.awaitedBlock()).isPresent();
                    lab.due();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.FAILED);
                    assertThat(lab.job.nextDeadline(lab.policy).orElseThrow()).isAfter(lab.now);
                    assertThat(lab.job.awaitedBlock()).isPresent();
                }));
    }
}
