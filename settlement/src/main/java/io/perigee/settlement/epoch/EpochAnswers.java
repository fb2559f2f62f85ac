package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.ledger.EpochBooks;
import io.perigee.settlement.ledger.EpochBooks.Demand;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.watch.ChainBook;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every demand on our epochs as soon as it is confirmed: a silence would cost the bond and void the book. */
public final class EpochAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(EpochAnswers.class);

    /** Under way at once: many demands must not keep everything else from being sent. */
    private static final int MOST_OPEN = 8;

    private static final int PAGE = 64;

    private final EpochTools tools;
    private final EpochLedgers ledgers;

    public EpochAnswers(EpochTools tools, EpochLedgers ledgers) {
        this.tools = tools;
        this.ledgers = ledgers;
    }

    /** Goes by the demands themselves, not by the epoch's state: that waits for the node to tell whether it stands. */
    public void step() {
        Optional<RuntimeException> fault = Optional.empty();
        for (var epoch : tools.database().inTransaction(EpochBook::open)) {
            try {
                answer(epoch);
            } catch (RuntimeException e) {
                // one epoch that cannot be read, say, must not keep the others from their answers
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    /** One demand that cannot be answered must not keep the epoch's others from their answers either. */
    private void answer(Epoch epoch) {
        int room = tools.database().inTransaction(tx -> room(tx, epoch));
        Optional<RuntimeException> fault = Optional.empty();
        Optional<Demand> last = Optional.empty();
        boolean more = true;
        while (more && room > 0) {
            var after = last;
            var page = tools.database().inTransaction(tx -> EpochBooks.open(tx, epoch.id(), after, PAGE));
            for (var demand : page) {
                try {
                    room -= room > 0 && tools.database().inTransaction(tx -> plan(tx, epoch, demand)) ? 1 : 0;
                } catch (RuntimeException e) {
                    fault = fault.or(() -> Optional.of(e));
                }
                last = Optional.of(demand);
            }
            more = page.size() == PAGE;
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    /**
     * How many answers more may be planned now. One that the contract refuses takes no room: it waits for its next try. Nor does
     * one that is mined: waiting for its confirmations, few would go out in the time there is.
     */
    private int room(Tx tx, Epoch epoch) {
        if (!EpochBooks.wasDemanded(tx, epoch.id())) {
            return 0;
        }
        var until = epoch.id().answeredUntil(tools.window());
        var now = tools.clock().instant();
        int open = 0;
        for (var purpose : IntentBook.open(tx, Purpose.answers(epoch.id()))) {
            if (EpochBooks.isAnswered(tx, purpose.answered())) {
                IntentBook.fulfil(tx, purpose, now);
            } else if (IntentBook.find(tx, purpose)
                    .filter(intent -> intent.state() == IntentState.MINED || isRefused(intent))
                    .isEmpty()) {
                open++;
            }
        }
        boolean over = ChainBook.confirmedTime(tx)
                .filter(time -> time.getEpochSecond() >= until)
                .isPresent();
        return over ? 0 : MOST_OPEN - open;
    }

    private static boolean isRefused(Intent intent) {
        return intent.state() == IntentState.PARKED
                && intent.reason().filter(Revert::isOfTheContract).isPresent();
    }

    /** True when it was planned now. */
    private boolean plan(Tx tx, Epoch epoch, Demand demand) {
        var purpose = Purpose.answer(epoch.id(), demand.place());
        if (IntentBook.find(tx, purpose).isPresent()) {
            return false;
        }
        var ledger = ledgers.of(tx, epoch);
        if (ledger.isEmpty()) {
            return false;
        }
        var call = call(tx, ledger.get(), demand);
        if (!IntentBook.plan(tx, purpose, Optional.empty(), call, tools.clock().instant(), Optional.empty())) {
            return false;
        }
        LOG.atInfo()
                .addKeyValue("epoch", epoch.id().number())
                .addKeyValue("demand", demand)
                .log("answer planned");
        return true;
    }

    private Call call(Tx tx, EpochLedger ledger, Demand demand) {
        return switch (demand) {
            case Demand.OfLine line -> {
                var orderHash = ledger.lines().line(line.line()).orderHash();
                yield shown(tx, ledger, line.what(), orderHash);
            }
            case Demand.OfOrder order ->
                ledger.pays(order.builder(), order.orderHash())
                        ? shown(tx, ledger, order.what(), order.orderHash())
                        : tools.encoder().answerNone(ledger, order.builder(), order.orderHash());
        };
    }

    private Call shown(Tx tx, EpochLedger ledger, Digest what, Digest orderHash) {
        var held = ReservationBook.findOrder(tx, orderHash)
                .orElseThrow(() -> new IllegalStateException("Expected to know order " + orderHash + " of our epoch"));
        JobId job = held.job();
        return tools.encoder()
                .answer(ledger, what, held.order(), orderHash, held.orderSignature(), EpochJobs.payable(tx, job));
    }
}
