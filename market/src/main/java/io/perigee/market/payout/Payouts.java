package io.perigee.market.payout;

import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.List;
import java.util.stream.Stream;

/** The contract's arithmetic, so that everybody can say beforehand what a settlement will do. */
public final class Payouts {
    private Payouts() {}

    /** What a decided job pays under its order: never more than the order's maximum. */
    public static PayoutPlan plan(JobOrder order, Payable payable) {
        var due = due(payable).stream()
                .map(each -> each.noMoreThan(order.maxPayment()))
                .toList();
        var total = due.stream().map(Due::amount).reduce(Amount.ZERO, Amount::plus);
        var maximum = order.maxPayment();
        var payouts = due.stream()
                .map(each -> payout(each.assignment(), share(each.amount(), total, maximum)))
                .toList();
        var paid = payouts.stream().map(Payout::amount).reduce(Amount.ZERO, Amount::plus);
        return new PayoutPlan(payouts, burns(order, payable), paid, maximum.minus(paid));
    }

    /** Whose assignments are paid, in the order of a plan's payouts. */
    static List<Assignment> paid(Payable payable) {
        return due(payable).stream().map(Due::assignment).toList();
    }

    private record Due(Assignment assignment, Amount amount) {
        /** A price beyond what the order may cost leaves the others no less than one that asks for all of it. */
        Due noMoreThan(Amount maximum) {
            return maximum.covers(amount) ? this : new Due(assignment, maximum);
        }
    }

    /** A run earns by the border it reached; an auditor's verdict its assignment's whole price. */
    private static List<Due> due(Payable payable) {
        return payable.links().stream().flatMap(Payouts::dueFor).toList();
    }

    private static Stream<Due> dueFor(Payable payable) {
        var runs = payable.winners().stream()
                .map(RunEvidence::assignment)
                .map(assignment -> new Due(assignment, assignment.earnedAt(payable.toBorder())));
        var audits = payable.verdicts().stream()
                .map(audit -> audit.run().assignment())
                .map(assignment -> new Due(assignment, assignment.price()));
        return Stream.concat(runs, audits);
    }

    /**
     * Whether a contradiction costs the bond: only where bits must agree, which is the strict class, and only against a
     * quorum of at least two.
     *
     * @param shown whose runs agree, or whose verdicts stand behind the one run
     */
    public static boolean burns(JobOrder order, RunEvidence contradictor, Payable shown) {
        return order.quorum() >= 2 && strict(contradictor) && strictVoices(shown) >= order.quorum();
    }

    /** Of the runs, or of the verdicts upon the first where those are more: what the contract counts. */
    private static long strictVoices(Payable shown) {
        var runs = shown.winners();
        var verdicts = shown.verdicts();
        if (verdicts.size() <= runs.size()) {
            return runs.stream().filter(Payouts::strict).count();
        }
        return runs.stream().limit(1).anyMatch(Payouts::strict)
                ? verdicts.stream().filter(audit -> strict(audit.run())).count()
                : 0;
    }

    /** When the maximum does not cover all that is due, each gets its share, rounded down. */
    private static Amount share(Amount due, Amount total, Amount maximum) {
        return maximum.covers(total)
                ? due
                : new Amount(due.value().multiply(maximum.value()).divide(total.value()));
    }

    private static Payout payout(Assignment assignment, Amount amount) {
        return new Payout(assignment.attempt(), assignment.owner(), assignment.owner(), amount);
    }

    private static List<Burn> burns(JobOrder order, Payable payable) {
        return payable.links().stream()
                .flatMap(link -> link.contradictors().stream().filter(run -> burns(order, run, link)))
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
