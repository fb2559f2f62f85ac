package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.ledger.EpochBooks;
import io.perigee.settlement.payout.Debt;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Pays by evidence what no epoch paid. The contract takes it from 4 W after the order's deadline; where an epoch of that
 * window was settled, only once it was shown that the order has no line in it.
 */
public final class EpochFallback {
    private static final int MOST_AT_ONCE = 100;
    /** `direct` is open from 4 W to 6 W after the deadline. */
    private static final int WINDOWS_OPEN = 2;

    private final EpochTools tools;
    private final EpochLedgers ledgers;
    private final Payouts payouts;

    public EpochFallback(EpochTools tools, EpochLedgers ledgers, Payouts payouts) {
        this.tools = tools;
        this.ledgers = ledgers;
        this.payouts = payouts;
    }

    public void step() {
        var time = tools.database().inTransaction(ChainBook::time);
        if (time.isEmpty()) {
            return;
        }
        Optional<RuntimeException> fault = Optional.empty();
        for (var state : List.of(Debt.State.WAITING_DIRECT, Debt.State.CARRYING)) {
            var due = tools.database().inTransaction(tx -> EpochJobs.due(tx, state, time.get(), MOST_AT_ONCE));
            for (var job : due) {
                try {
                    // first of all it goes behind the others, so that it keeps none back when it fails
                    tools.database().transact(tx -> move(tx, job, state));
                    tools.database().transact(tx -> go(tx, job, state, time.get()));
                } catch (RuntimeException e) {
                    fault = fault.or(() -> Optional.of(e));
                }
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    private boolean move(Tx tx, EpochJob job, Debt.State state) {
        return EpochJobs.move(tx, job.job(), state, state, tools.clock().instant());
    }

    private void go(Tx tx, EpochJob job, Debt.State state, Instant time) {
        if (!move(tx, job, state)) {
            return;
        }
        if (time.isAfter(closes(job))) {
            // the newest block may be replaced by one of before, and what others had paid is known once it is confirmed
            if (ChainBook.confirmedTime(tx).filter(closes(job)::isBefore).isPresent()) {
                payouts.takenNoMore(tx, job.job());
            }
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
        var ledger = ledgers.of(tx, epoch);
        if (ledger.isEmpty()) {
            return;
        }
        var held = ReservationBook.find(tx, job.job()).orElseThrow();
        var now = tools.clock().instant();
        IntentBook.plan(
                tx,
                Purpose.carry(job.job()),
                Optional.of(job.job()),
                tools.encoder().carry(ledger.get(), held.order(), job.orderHash()),
                now,
                Optional.of(closes(job)));
        EpochJobs.move(tx, job.job(), Debt.State.WAITING_DIRECT, Debt.State.CARRYING, now);
    }
}
