package io.perigee.settlement.epoch;

import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.EpochViews;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.Reservations;

/** Everything that goes on about epochs, in the order in which one leads to the other. */
public final class SettlingByEpoch {
    private final EpochBuilder builder;
    private final EpochCourse course;
    private final EpochAnswers answers;
    private final EpochPayments payments;
    private final EpochFallback fallback;

    public SettlingByEpoch(
            EpochTools tools, EpochViews views, ChainReader reader, Payouts payouts, Reservations reservations) {
        var ledgers = new EpochLedgers(tools.mostLines());
        builder = new EpochBuilder(tools);
        course = new EpochCourse(tools, views, reader, ledgers);
        answers = new EpochAnswers(tools, ledgers);
        payments = new EpochPayments(tools, reservations);
        fallback = new EpochFallback(tools, ledgers, payouts, reservations);
    }

    /** One round; true when there is more to do at once. Asks the node, so it is not in a transaction. */
    public boolean step() {
        builder.step();
        course.step();
        answers.step();
        boolean more = payments.step();
        fallback.step();
        return more;
    }
}
