package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.result.DrawEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A hub that says it had a job audited, and had not. */
class AuditBundleTest {
    private static Lab lab;
    private static Payable honest;

    @BeforeAll
    static void audit() {
        lab = new Lab();
        lab.placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a")
                .completes(0)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2)
                .sign();
        honest = lab.payable();
    }

    @Test
    void shouldHold() {
        assertThat(BundleVerifier.verify(bundle(honest))).allMatch(Check::ok);
    }

    @Test
    void shouldHoldOfAPartThatWasDoneBeforeACancel() {
        // given
        var cancelled = new Lab();
        cancelled
                .placed(SampleJobs.audited(VerificationPolicy.AUDIT), "a")
                .accept(0)
                .commit(0, 2)
                .commit(0, 3)
                .cancel();
        cancelled
                .reveal(0, 3)
                .drawn(10)
                .serves()
                .place("b", "c")
                .completes(1, 2)
                .sign();

        // when
        var checks = BundleVerifier.verify(bundle(cancelled, "cancelled", cancelled.payable()));

        // then
        assertThat(checks).allMatch(Check::ok);
        assertThat(checks).extracting(Check::name).contains("every drawn segment was audited");
    }

    @Test
    void shouldMissAnAuditor() {
        assertThat(broken(with(List.of(honest.verdicts().getFirst()), honest.draw())))
                .contains("enough distinct owners audited", "every drawn segment was audited");
    }

    @Test
    void shouldMissTheSecondOfTwoAuditorsOfOneOwner() {
        var one = honest.verdicts().getFirst();
        var all = new ArrayList<>(honest.verdicts());
        all.add(one);
        assertThat(broken(with(all, honest.draw()))).contains("enough distinct owners audited");
    }

    @Test
    void shouldSeeSegmentsThatTheHubChose() {
        var draw = honest.draw();
        var easy = draw.segments().equals(List.of(1, 2, 4)) ? List.of(1, 3, 4) : List.of(1, 2, 4);
        assertThat(broken(with(honest.verdicts(), new DrawEvidence(draw.blockHash(), draw.secret(), easy))))
                .contains("the segments are those that were drawn");
        assertThat(broken(with(honest.verdicts(), new DrawEvidence(null, draw.secret(), draw.segments()))))
                .contains("the segments are those that were drawn");
        assertThat(broken(with(honest.verdicts(), null))).contains("the segments were drawn");
    }

    /** With a seed by which the last segment is none of the first two. */
    @Test
    void shouldSeeThatTheHubDrewFewerThanOfEveryRun() {
        // given
        int last = honest.toBorder();
        var block = IntStream.range(0, 100)
                .mapToObj(i -> Parties.digest("a block " + i))
                .filter(hash -> !Draw.segments(seed(honest, hash), 0, last, 2).contains(last))
                .findFirst()
                .orElseThrow();

        // when
        var two = broken(with(honest.verdicts(), drawn(honest, block, 2)));
        var one = broken(with(honest.verdicts(), drawn(honest, block, 1)));

        // then
        assertThat(two).doesNotContain("the segments are those that were drawn");
        assertThat(one).contains("the segments are those that were drawn");
    }

    @Test
    void shouldSeeThatTheHubDrewWhereAllIsAudited() {
        // given
        var full = AuditStories.answered(new Lab()).sign();
        var some = drawn(full.payable(), full.payable().draw().blockHash(), 2);

        // when
        var whole = BundleVerifier.verify(bundle(full, "accepted", full.payable()));
        var checks = BundleVerifier.verify(bundle(
                full,
                "accepted",
                new Payable(
                        full.payable().toBorder(),
                        full.payable().winners(),
                        List.of(),
                        full.payable().verdicts(),
                        some)));

        // then
        assertThat(whole).allMatch(Check::ok);
        assertThat(checks)
                .filteredOn(check -> !check.ok())
                .extracting(Check::name)
                .containsExactly("the segments are those that were drawn");
    }

    private static Digest seed(Payable of, Digest block) {
        return Draw.seed(
                block, of.draw().secret(), of.winners().getFirst().commitment().seal());
    }

    /** So many, and the last. */
    private static DrawEvidence drawn(Payable of, Digest block, int count) {
        var segments = Draw.segments(seed(of, block), 0, of.toBorder(), count);
        segments.add(of.toBorder());
        return new DrawEvidence(block, of.draw().secret(), List.copyOf(segments));
    }

    @Test
    void shouldSeeASecretThatTheHubDidNotCommitTo() {
        var draw = honest.draw();
        var other = new DrawEvidence(draw.blockHash(), Parties.digest("a better one"), draw.segments());
        assertThat(broken(with(honest.verdicts(), other))).contains("the hub's secret is the one it committed to");
    }

    @Test
    void shouldSeeAVerdictThatNobodySigned() {
        var first = honest.verdicts().getFirst();
        var second = honest.verdicts().get(1);
        var forged = new AuditEvidence(first.run(), first.verdict(), second.signature());
        assertThat(broken(with(List.of(forged, second), honest.draw())))
                .contains("attempt 1: signed that the winner's run holds");
    }

    @Test
    void shouldSeeAReplicaShownAsAnAuditor() {
        var first = honest.verdicts().getFirst();
        var own = new AuditEvidence(honest.winners().getFirst(), first.verdict(), first.signature());
        assertThat(broken(with(List.of(own, honest.verdicts().get(1)), honest.draw())))
                .contains("attempt 0: assigned by the hub under this order", "enough distinct owners audited");
    }

    private static Payable with(List<AuditEvidence> audits, DrawEvidence draw) {
        return new Payable(honest.toBorder(), honest.winners(), List.of(), audits, draw);
    }

    private static List<String> broken(Payable payable) {
        return BundleVerifier.verify(bundle(payable)).stream()
                .filter(check -> !check.ok())
                .map(Check::name)
                .toList();
    }

    private static Bundle bundle(Payable payable) {
        return bundle(lab, "accepted", payable);
    }

    private static Bundle bundle(Lab of, String outcome, Payable payable) {
        return new Bundle(
                Bundle.VERSION,
                Parties.DOMAIN,
                of.job.spec(),
                of.job.order(),
                of.job.orderSignature(),
                outcome,
                payable,
                List.of());
    }
}
