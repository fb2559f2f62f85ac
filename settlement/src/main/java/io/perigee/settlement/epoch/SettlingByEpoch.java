package io.perigee.settlement.epoch;

import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.EpochViews;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.Reservations;

/**
 * Everything that goes on about epochs, in the order in which one leads to the other. Each may fail by itself; answers wait
 * for none. They ask the node, so they are not in a transaction.
 */
public final class SettlingByEpoch {
    private final EpochBuilder builder;
    private final EpochCourse course;
    private final EpochAnswers answers;
    private final EpochPayments payments;
    private final EpochFallback fallback;

    public SettlingByEpoch(
            EpochTools tools, EpochViews views, ChainReader reader, Payouts payouts, Reservations reservations) {
        var ledgers = new EpochLedgers(tools.clock());
        builder = new EpochBuilder(tools);
        course = new EpochCourse(tools, views, reader, ledgers);
        answers = new EpochAnswers(tools, ledgers);
        payments = new EpochPayments(tools, reservations);
        fallback = new EpochFallback(tools, ledgers, payouts);
    }

    public void build() {
        builder.step();
    }

    public void follow() {
        course.step();
    }

    public void answer() {
        answers.step();
    }

    /** True when there is more to tell at once. */
    public boolean tell() {
        return payments.step();
    }

    public void payTheRest() {
        fallback.step();
    }
}
