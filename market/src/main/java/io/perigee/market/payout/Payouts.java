package io.perigee.market.payout;

import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;

/** The contract's arithmetic, so that everybody can say beforehand what a settlement will do. */
public final class Payouts {
    private Payouts() {}

    /** What a decided job pays under its order: never more than the order's maximum. */
    public static PayoutPlan plan(JobOrder order, Payable payable) {
        var due = payable.winners().stream()
                .map(run -> run.assignment().earnedAt(payable.toBorder()))
                .toList();
        var total = due.stream().reduce(Amount.ZERO, Amount::plus);
        var maximum = order.maxPayment();
        var payouts = payable.winners().stream()
                .map(run -> payout(run, share(run.assignment().earnedAt(payable.toBorder()), total, maximum)))
                .toList();
        var paid = payouts.stream().map(Payout::amount).reduce(Amount.ZERO, Amount::plus);
        return new PayoutPlan(payouts, burns(order, payable), paid, maximum.minus(paid));
    }

    /**
     * Whether a contradiction costs the bond: only where bits must agree, which is the strict class, and only against a
     * quorum of at least two.
     */
    public static boolean burns(JobOrder order, RunEvidence contradictor, List<RunEvidence> winners) {
        return order.quorum() >= 2
                && strict(contradictor)
                && winners.stream().filter(Payouts::strict).count() >= order.quorum();
    }

    /** When the maximum does not cover all that is due, each gets its share, rounded down. */
    private static Amount share(Amount due, Amount total, Amount maximum) {
        return maximum.covers(total)
                ? due
                : new Amount(due.value().multiply(maximum.value()).divide(total.value()));
    }

    private static Payout payout(RunEvidence run, Amount amount) {
        return new Payout(
                run.assignment().attempt(),
                run.assignment().owner(),
                run.assignment().owner(),
                amount);
    }

    private static List<Burn> burns(JobOrder order, Payable payable) {
        return payable.contradictors().stream()
                .filter(run -> burns(order, run, payable.winners()))
                .map(run -> new Burn(
                        run.assignment().attempt(),
                        run.assignment().owner(),
                        run.assignment().bond()))
                .toList();
    }

    private static boolean strict(RunEvidence run) {
        return run.assignment().numericClass().equals(NumericClass.STRICT);
    }
}
