package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.EpochViews;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.ledger.EpochBooks;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each epoch as far as the confirmed chain says: posted, demanded, final, settled, or void. Whether it stands is the
 * contract's word; that its money moved is said by its event only.
 */
public final class EpochCourse {
    private static final Logger LOG = LoggerFactory.getLogger(EpochCourse.class);

    private final EpochTools tools;
    private final EpochViews views;
    private final ChainReader reader;
    private final EpochLedgers ledgers;
    private long lookedAt = -1;

    public EpochCourse(EpochTools tools, EpochViews views, ChainReader reader, EpochLedgers ledgers) {
        this.tools = tools;
        this.views = views;
        this.reader = reader;
        this.ledgers = ledgers;
    }

    /**
     * Looks at every epoch under way once per confirmed block; at the others too when one fails, because the node has no answer
     * for it, say. Asks the node, so it is not in a transaction.
     */
    public void step() {
        long confirmed = tools.database().inTransaction(tx -> ChainBook.confirmed(tx, tools.startBlock()));
        if (confirmed == lookedAt) {
            return;
        }
        Optional<RuntimeException> fault = Optional.empty();
        for (var epoch : tools.database().inTransaction(EpochBook::open)) {
            try {
                look(epoch, confirmed);
            } catch (RuntimeException e) {
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
        lookedAt = confirmed;
    }

    private void look(Epoch epoch, long confirmed) {
        var posted = tools.database().inTransaction(tx -> EpochBooks.find(tx, epoch.id()));
        if (posted.isEmpty()) {
            whenNotPosted(epoch);
            return;
        }
        if (!posted.get().root().equals(epoch.root())) {
            LOG.atError()
                    .addKeyValue("epoch", epoch.id().number())
                    .addKeyValue("posted", posted.get().root())
                    .log("another epoch was posted with our key; our jobs are not in it");
            move(epoch, EpochState.VOID, Optional.of(posted.get().transaction()), 0);
            return;
        }
        if (posted.get().block() > confirmed) {
            // another watcher has confirmed it meanwhile: at the block we would ask, it stands nowhere yet
            return;
        }
        var transaction = Optional.of(posted.get().transaction());
        var settled = posted.get().settlement();
        if (settled.isPresent()) {
            long gas = gas(posted.get().transaction()) + gas(settled.get().transaction());
            move(epoch, EpochState.SETTLED, transaction, gas);
            return;
        }
        switch (views.standing(epoch.id(), confirmed)) {
            case NOTHING -> move(epoch, EpochState.VOID, transaction, 0);
            case FINAL, SETTLED -> {
                pending(epoch, transaction);
                planSettling(epoch);
            }
            case PENDING -> pending(epoch, transaction);
        }
    }

    /** Its post is under way, or it was taken back by a reorganisation, or it comes too late. */
    private void whenNotPosted(Epoch epoch) {
        var until = Instant.ofEpochSecond(epoch.id().postedUntil(tools.window()));
        boolean over = tools.database()
                .inTransaction(ChainBook::confirmedTime)
                .filter(time -> !time.isBefore(until))
                .isPresent();
        // looked for after the time was read: another watcher may have confirmed the post meanwhile
        if (tools.database()
                .inTransaction(tx -> EpochBooks.find(tx, epoch.id()))
                .isPresent()) {
            return;
        }
        if (over) {
            move(epoch, EpochState.VOID, Optional.empty(), 0);
        } else if (epoch.state() != EpochState.BUILDING) {
            move(epoch, EpochState.BUILDING, Optional.empty(), 0);
        }
    }

    private void pending(Epoch epoch, Optional<Digest> transaction) {
        boolean demanded = tools.database().inTransaction(tx -> EpochBooks.wasDemanded(tx, epoch.id()));
        var state = demanded ? EpochState.DEMANDED : EpochState.POSTED;
        if (epoch.state() != state) {
            move(epoch, state, transaction, 0);
        }
    }

    private void planSettling(Epoch epoch) {
        tools.database().transact(tx -> {
            var purpose = Purpose.settle(epoch.id());
            if (IntentBook.find(tx, purpose).isEmpty()) {
                ledgers.of(tx, epoch)
                        .map(tools.encoder()::settle)
                        .ifPresent(call -> IntentBook.plan(
                                tx,
                                purpose,
                                Optional.empty(),
                                call,
                                tools.clock().instant(),
                                Optional.empty()));
            }
        });
    }

    private void move(Epoch epoch, EpochState next, Optional<Digest> transaction, long gas) {
        tools.database().transact(tx -> {
            if (EpochBook.lock(tx, epoch.id())
                    .filter(now -> now.state() == epoch.state())
                    .isEmpty()) {
                return;
            }
            EpochBook.moveTo(tx, epoch.id(), next, gas, tools.clock().instant());
            if (next == EpochState.SETTLED || next == EpochState.VOID) {
                end(tx, epoch);
            }
            tools.facts().publish(tx, epoch.in(next).changed(transaction), "");
        });
        LOG.atInfo()
                .addKeyValue("epoch", epoch.id().number())
                .addKeyValue("state", next)
                .addKeyValue("txHash", transaction.map(Digest::value).orElse(""))
                .log("epoch moved on");
    }

    /** Nothing is sent for it any more; what is under way may fail. A post ends by its own time. */
    private void end(Tx tx, Epoch epoch) {
        var now = tools.clock().instant();
        IntentBook.fulfil(tx, Purpose.settle(epoch.id()), now);
        IntentBook.fulfilAll(tx, Purpose.answers(epoch.id()), now);
    }

    private long gas(Digest transaction) {
        return reader.inclusion(transaction).map(Inclusion::gasUsed).orElse(0L);
    }
}
