package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.ledger.EpochBooks;
import io.perigee.settlement.payout.Debt;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pays by evidence what no epoch paid. The contract takes it from 4 W after the order's deadline; where an epoch of that
 * window was settled, only once it was shown that the order has no line in it.
 */
public final class EpochFallback {
    private static final Logger LOG = LoggerFactory.getLogger(EpochFallback.class);
    private static final int MOST_AT_ONCE = 100;
    /** `direct` is open from 4 W to 6 W after the deadline. */
    private static final int WINDOWS_OPEN = 2;

    private final EpochTools tools;
    private final EpochLedgers ledgers;
    private final Payouts payouts;
    private final Reservations reservations;

    public EpochFallback(EpochTools tools, EpochLedgers ledgers, Payouts payouts, Reservations reservations) {
        this.tools = tools;
        this.ledgers = ledgers;
        this.payouts = payouts;
        this.reservations = reservations;
    }

    public void step() {
        var time = tools.database().inTransaction(ChainBook::time);
        if (time.isEmpty()) {
            return;
        }
        for (var state : List.of(Debt.State.WAITING_DIRECT, Debt.State.CARRYING)) {
            var due = tools.database().inTransaction(tx -> EpochJobs.due(tx, state, time.get(), MOST_AT_ONCE));
            for (var job : due) {
                tools.database().transact(tx -> go(tx, job, state, time.get()));
            }
        }
    }

    private void go(Tx tx, EpochJob job, Debt.State state, Instant time) {
        // the first thing, and also what puts it behind the others
        if (!EpochJobs.move(tx, job.job(), state, state, tools.clock().instant())) {
            return;
        }
        if (!time.isBefore(closes(job))) {
            giveUp(tx, job, state);
            return;
        }
        var id = new EpochId(tools.hub(), tools.token(), job.epoch());
        var posted = EpochBooks.find(tx, id);
        var ours = EpochBook.find(tx, id);
        boolean settled = posted.flatMap(EpochBooks.Posted::settlement).isPresent();
        boolean over = posted.isEmpty()
                || ours.filter(epoch -> epoch.state() == EpochState.VOID).isPresent();
        if (EpochBooks.isCarried(tx, job.orderHash()) || (over && !settled)) {
            IntentBook.fulfil(tx, Purpose.carry(job.job()), tools.clock().instant());
            payouts.send(tx, job.job(), EpochJobs.payable(tx, job.job()));
        } else if (settled && state == Debt.State.WAITING_DIRECT && ours.isPresent()) {
            carry(tx, job, ours.get());
        }
    }

    private Instant closes(EpochJob job) {
        return job.directAt().plus(tools.window().multipliedBy(WINDOWS_OPEN));
    }

    private void carry(Tx tx, EpochJob job, Epoch epoch) {
        var held = ReservationBook.find(tx, job.job()).orElseThrow();
        var now = tools.clock().instant();
        IntentBook.plan(
                tx,
                Purpose.carry(job.job()),
                Optional.of(job.job()),
                tools.encoder().carry(ledgers.of(tx, epoch), held.order(), job.orderHash()),
                now,
                Optional.of(closes(job)));
        EpochJobs.move(tx, job.job(), Debt.State.WAITING_DIRECT, Debt.State.CARRYING, now);
    }

    /** The contract takes nothing more for it. */
    private void giveUp(Tx tx, EpochJob job, Debt.State state) {
        EpochJobs.move(tx, job.job(), state, Debt.State.SETTLED, tools.clock().instant());
        var refunded = reservations.release(tx, job.job());
        tools.facts().publish(tx, new JobSettled(job.job(), List.of(), 0, List.of(), refunded, List.of()), job.trace());
        LOG.atError().addKeyValue("jobId", job.job()).log("job could not be paid in its time");
    }
}
