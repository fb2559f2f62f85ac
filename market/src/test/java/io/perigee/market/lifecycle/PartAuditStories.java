package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Stretch;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.util.List;

/** How the part of a provider that vanished is audited: what nobody drew, whom it lacks, and how long it waits. */
final class PartAuditStories {
    private PartAuditStories() {}

    /** A part of eight of sixteen borders, of which the forged ones are not drawn and auditors must start at 0. */
    private static Lab forgedWhereNobodyLooks(Lab lab, int from, int to) {
        lab.placed(SampleJobs.withSegments(AuditStories.SOME, 16), "cheat")
                .forges(0, from, to)
                .accept(0)
                .pass(0, 8)
                .gone(0);
        var before = lab.job;
        long block = before.awaitedBlock().orElseThrow();
        for (int draw = 0; !isDrawnBehind(lab, from); draw++) {
            lab.job = before;
            lab.input(new JobInput.DrawBlockKnown(block, Parties.digest("draw " + draw), 10));
        }
        return lab;
    }

    private static boolean isDrawnBehind(Lab lab, int border) {
        return lab.job.state() instanceof State.Auditing auditing
                && auditing.audit()
                        .filter(file -> file.segments().stream().allMatch(segment -> segment > border))
                        .isPresent();
    }

    static List<Story> all() {
        return List.of(
                Story.of("shouldRejectAPartForASegmentThatNobodyDrew", lab -> {
                    forgedWhereNobodyLooks(lab, 1, 8).place("b", "c");
                    assertThat(lab.job.attempts().subList(1, 3))
                            .extracting(attempt -> attempt.assignment().fromBorder())
                            .containsExactly(0, 0);
                    lab.completes(1, 2);
                    assertThat(lab.attempt(0)).isEqualTo(AttemptState.REJECTED);
                    assertThat(AuditAdversaryStories.ended(lab, 0).detail()).contains("segment 1 (border 0 to 1)");
                    assertThat(TrackRecord.of(lab.job, lab.job.attempt(0), NumericClass.STRICT::equals)
                                    .orElseThrow()
                                    .kind())
                            .isEqualTo(OutcomeKind.CHEATED);
                }),
                Story.of("shouldHaveADifferenceThatNobodyDrewDecidedByOneMore", lab -> {
                    forgedWhereNobodyLooks(lab, 2, 1).place("liar", "c");
                    lab.forges(1, 2, 2).completes(1, 2);
                    assertThat(lab.attempt(0)).as("the other agrees with it").isEqualTo(AttemptState.REVEALED);
                    lab.place("d").completes(3).sign();
                    assertThat(lab.attempt(1)).isEqualTo(AttemptState.REJECTED);
                    assertThat(lab.only(PartAccepted.class).payable().toBorder())
                            .isEqualTo(8);
                }),
                Story.of("shouldReplaceOneAuditorOfAPartByTheShortestWay", lab -> {
                    lab.placed(SampleJobs.withSegments(AuditStories.SOME, 16), "a")
                            .accept(0)
                            .pass(0, 8)
                            .gone(0)
                            .drawn(10);
                    assertThat(lab.only(SegmentsDrawn.class).segments()).containsExactly(1, 4);
                    lab.place("b", "c").completes(2).accept(1).gone(1).place("d");
                    assertThat(AuditVotes.stretch(lab.job.attempt(2))).isEqualTo(new Stretch(0, 4));
                    assertThat(AuditVotes.stretch(lab.job.attempt(3))).isEqualTo(new Stretch(0, 1));
                    lab.completes(3).sign();
                    assertThat(lab.only(PartAccepted.class).payable().toBorder())
                            .isEqualTo(8);
                }),
                Story.of("shouldKeepNothingForARestThatNobodyCanBeAssigned", lab -> {
                    // what the rest and its audit cost leaves an auditor of the part less than it could ask
                    var spec = SampleJobs.withPrice(SampleJobs.withSegments(AuditStories.SOME, 16), 1_538);
                    lab.head = 113;
                    lab.placed(spec, "a").accept(0).pass(0, 8);
                    var latest = Pricing.latestAssignment(spec, lab.job.order().deadline(), lab.policy);
                    lab.now = latest;
                    lab.gone(0).drawn(10);
                    assertThat(lab.job.wants(lab.now, lab.policy).orElseThrow().attemptCeiling())
                            .as("a run can be assigned")
                            .isNotEqualTo(Pricing.attemptCeiling(spec));
                    assertThat(lab.job
                                    .wants(latest.plusSeconds(1), lab.policy)
                                    .orElseThrow()
                                    .attemptCeiling())
                            .isEqualTo(Pricing.attemptCeiling(spec));
                    assertThat(lab.job.nextDeadline(lab.policy))
                            .as("when the queue's time is up, none can")
                            .contains(Deadlines.latestAssignment(lab.job, lab.policy));
                }));
    }
}
