package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.intent.IntentBook;
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

    private static final int MOST_LOOKED_AT = 64;

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
                tools.database().transact(tx -> answer(tx, epoch));
            } catch (RuntimeException e) {
                // one epoch that cannot be read, say, must not keep the others from their answers
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    private void answer(Tx tx, Epoch epoch) {
        if (!EpochBooks.wasDemanded(tx, epoch.id())) {
            return;
        }
        var until = epoch.id().answeredUntil(tools.window());
        var now = tools.clock().instant();
        for (var purpose : IntentBook.open(tx, Purpose.answers(epoch.id()))) {
            if (EpochBooks.isAnswered(tx, purpose.answered())) {
                IntentBook.fulfil(tx, purpose, now);
            }
        }
        boolean over = ChainBook.confirmedTime(tx)
                .filter(time -> time.getEpochSecond() >= until)
                .isPresent();
        if (over) {
            return;
        }
        int room = MOST_OPEN - IntentBook.open(tx, Purpose.answers(epoch.id())).size();
        for (var demand : EpochBooks.open(tx, epoch.id(), MOST_LOOKED_AT)) {
            var purpose = Purpose.answer(epoch.id(), demand.place());
            if (room > 0 && IntentBook.find(tx, purpose).isEmpty()) {
                IntentBook.plan(tx, purpose, Optional.empty(), call(tx, epoch, demand), now, Optional.empty());
                room--;
                LOG.atInfo()
                        .addKeyValue("epoch", epoch.id().number())
                        .addKeyValue("demand", demand)
                        .log("answer planned");
            }
        }
    }

    private Call call(Tx tx, Epoch epoch, Demand demand) {
        var ledger = ledgers.of(tx, epoch);
        return switch (demand) {
            case Demand.OfLine line -> {
                var orderHash = ledger.lines().line(line.line()).orderHash();
                yield shown(tx, epoch, line.what(), orderHash);
            }
            case Demand.OfOrder order ->
                ledger.pays(order.builder(), order.orderHash())
                        ? shown(tx, epoch, order.what(), order.orderHash())
                        : tools.encoder().answerNone(ledger, order.builder(), order.orderHash());
        };
    }

    private Call shown(Tx tx, Epoch epoch, Digest what, Digest orderHash) {
        var held = ReservationBook.findOrder(tx, orderHash)
                .orElseThrow(() -> new IllegalStateException("Expected to know order " + orderHash + " of our epoch"));
        JobId job = held.job();
        return tools.encoder()
                .answer(
                        ledgers.of(tx, epoch),
                        what,
                        held.order(),
                        orderHash,
                        held.orderSignature(),
                        EpochJobs.payable(tx, job));
    }
}
