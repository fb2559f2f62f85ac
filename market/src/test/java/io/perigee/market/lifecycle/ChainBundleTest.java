package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.payout.EpochLines;
import io.perigee.market.payout.Payouts;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import io.perigee.protocol.result.DrawEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.testkit.sample.Parties;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundle of a job that one provider began and another finished, and hubs that make one up. */
class ChainBundleTest {
    private static final String CHAIN = "each part begins where the last ended";

    private static Lab lab;
    private static Payable honest;
    private static Payable first;
    private static Payable second;

    @BeforeAll
    static void vanish() {
        lab = new Lab();
        lab.placed(AuditStories.ALL, "a").accept(0).pass(0, 2).gone(0).drawn(10);
        lab.place("b", "c").completes(1, 2).sign();
        lab.place("d").completes(3).drawn(10).serves();
        lab.place("e", "f").completes(4, 5).sign();
        honest = lab.payable();
        first = honest.links().getFirst();
        second = honest.links().getLast();
    }

    @Test
    void shouldHoldAndSurviveItsJson() {
        // given
        var bundle = bundle("accepted", honest);

        // when
        var read = Json.read(Json.text(bundle), Bundle.class);

        // then
        assertThat(read).isEqualTo(bundle);
        assertThat(BundleVerifier.verify(read)).allMatch(Check::ok);
        assertThat(Json.text(bundle("cancelled", first))).doesNotContain("\"parts\"");
    }

    @Test
    void shouldHoldOfTheFirstPartAlone() {
        assertThat(BundleVerifier.verify(bundle("expired", first))).allMatch(Check::ok);
    }

    @Test
    void shouldSeeThatTheBeginningIsMissing() {
        assertThat(broken("accepted", second)).contains(CHAIN);
    }

    @Test
    void shouldSeeAPartThatIsShownTwice() {
        assertThat(broken("accepted", second.after(List.of(first, first))))
                .contains(CHAIN, "nobody did or audited two parts");
    }

    @Test
    void shouldSeeThatTheEndIsMissing() {
        assertThat(broken("accepted", first)).contains("the winners did the whole job");
    }

    @Test
    void shouldSeeAPartThatNobodyAudited() {
        var alone = new Payable(first.toBorder(), first.winners(), List.of(), List.of(), first.draw());
        assertThat(broken("accepted", second.after(List.of(alone))))
                .contains("enough distinct owners audited", "every drawn segment was audited");
    }

    @Test
    void shouldSeeAPartWhoseSegmentsTheHubChose() {
        var draw = first.draw();
        var easy = new DrawEvidence(draw.blockHash(), draw.secret(), List.of());
        var chosen = new Payable(first.toBorder(), first.winners(), List.of(), first.audits(), easy);
        assertThat(broken("accepted", second.after(List.of(chosen))))
                .contains("the segments are those that were drawn");
    }

    @Test
    void shouldSeeAPartThatIsPaidFurtherThanItWasSealed() {
        var further = new Payable(3, first.winners(), List.of(), first.audits(), first.draw());
        assertThat(broken("accepted", second.after(List.of(further)))).contains(CHAIN);
    }

    @Test
    void shouldPayEachPartByALineOfOneEpoch() {
        // given
        var order = lab.job.order();
        var lines = new LineCollector();

        // when
        EpochLines.add(order, honest, Parties.DOMAIN, lines);

        // then
        assertThat(lines.lines().count()).isEqualTo(6);
        assertThat(EpochLines.suffice(order, honest)).isTrue();
        var plan = Payouts.plan(order, honest);
        assertThat(plan.payouts().stream().map(payout -> payout.amount()).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(plan.paid());
    }

    private static List<String> broken(String outcome, Payable payable) {
        return BundleVerifier.verify(bundle(outcome, payable)).stream()
                .filter(check -> !check.ok())
                .map(Check::name)
                .toList();
    }

    private static Bundle bundle(String outcome, Payable payable) {
        return new Bundle(
                Bundle.VERSION,
                Parties.DOMAIN,
                lab.job.spec(),
                lab.job.order(),
                lab.job.orderSignature(),
                outcome,
                payable,
                List.of());
    }
}
