package io.perigee.settlement.intent;

import io.perigee.eventlog.key.SignerFault;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.intent.Purpose.Urgency;
import io.perigee.settlement.watch.ChainBook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chain writer: purpose → nonce under a row lock → signature → stored bytes → broadcast → mined → confirmed.
 *
 * <p>Each step starts from what the database says and ends with a change in it, so a crash anywhere is repaired by going
 * on: the same bytes are sent again, never other ones for the same purpose beside them. One thread calls {@link #step};
 * a second process that does the same by mistake does no harm.
 */
public final class IntentWriter {
    private static final Logger LOG = LoggerFactory.getLogger(IntentWriter.class);
    private static final int MOST_RESENT = 256;
    private static final int MOST_UNDONE = 256;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final WriterTools tools;
    private final Signing signing;
    private final Broadcasting broadcasting;
    private final Tracking tracking;
    private Instant askedAt = Instant.MIN;

    public IntentWriter(WriterTools tools) {
        this.tools = tools;
        signing = new Signing(tools);
        broadcasting = new Broadcasting(tools, signing);
        tracking = new Tracking(tools, signing);
    }

    /**
     * Goes once through everything that is open.
     *
     * @throws io.perigee.settlement.chain.ChainUnavailable when the node does not answer; nothing is lost
     * @throws io.perigee.eventlog.TryLater when the database does not
     */
    public void step() {
        endFulfilled();
        if (isIdle()) {
            tools.alarms().good(tools.clock().instant());
            return;
        }
        var head = tools.reader().head();
        require(head);
        giveUp(head);
        long mined = tools.sender().minedCount(tools.address(), head.number());
        tools.alarms().mined(mined);
        for (var intent :
                tools.database().inTransaction(tx -> IntentBook.undone(tx, tools.address(), mined, MOST_UNDONE))) {
            tracking.unmined(intent);
        }
        for (var intent : tools.database().inTransaction(tx -> IntentBook.underWay(tx, tools.address()))) {
            tracking.track(intent, head, mined);
        }
        try {
            sign(head, mined);
        } catch (RuntimeException fault) {
            if (fault instanceof SignerFault) {
                tools.alarms().countUnsigned();
            }
            // what is signed goes out all the same
            send(head, mined);
            throw fault;
        }
        send(head, mined);
        tools.alarms().good(tools.clock().instant());
    }

    /** A node that is still reading the chain knows nothing of what is on it: by its word all that is done would be undone. */
    private void require(Block head) {
        long known = tools.database()
                .inTransaction(tx -> Math.max(
                        ChainBook.confirmed(tx, 0),
                        IntentBook.newestConfirmed(tx, tools.address()).orElse(0)));
        if (head.number() < known) {
            throw new ChainUnavailable("Expected a head of block %d or later, which is confirmed, but the node is at %d"
                    .formatted(known, head.number()));
        }
    }

    /** With nothing open the node is asked rarely: only a reorganisation of confirmed blocks would be news. */
    private boolean isIdle() {
        var now = tools.clock().instant();
        if (askedAt.isAfter(now.minus(IDLE)) && tools.database().inTransaction(tx -> !IntentBook.anyOpen(tx))) {
            return true;
        }
        askedAt = now;
        return false;
    }

    /** Needs no node, so it goes on while there is none. */
    private void endFulfilled() {
        var now = tools.clock().instant();
        ended(tools.database().inTransaction(tx -> IntentBook.endFulfilled(tx, now)));
    }

    /** By the chain's time alone: the contracts go by it, however far it is from this machine's. */
    private void giveUp(Block head) {
        var now = tools.clock().instant();
        ended(tools.database().inTransaction(tx -> {
            var late = IntentBook.giveUp(tx, head, now);
            IntentBook.noteEnds(tx, head);
            return late;
        }));
    }

    private static void ended(List<Purpose> purposes) {
        for (var purpose : purposes) {
            LOG.atWarn().addKeyValue("purpose", purpose).log("purpose ended without a transaction of ours");
        }
    }

    /** Answers first; what is left of the room, but for their own slots, is for the others. */
    private List<Intent> due(Block head) {
        var now = tools.clock().instant();
        var closing = head.time().plus(tools.limits().giveUpMargin());
        return tools.database().inTransaction(tx -> {
            var all = IntentBook.underWay(tx, tools.address());
            // what is mined needs no place in anybody's pool any more, it is only looked at until its block counts
            var underWay = all.stream()
                    .filter(intent -> intent.state() != IntentState.MINED)
                    .toList();
            long others = underWay.stream()
                    .filter(intent -> intent.purpose().urgency() != Urgency.ANSWER)
                    .count();
            int unconfirmed = tools.limits().maxUnconfirmed() - all.size();
            int room = Math.max(0, Math.min(tools.limits().maxInFlight() - underWay.size(), unconfirmed));
            var due = new ArrayList<>(IntentBook.due(tx, Urgency.ANSWER, Urgency.ANSWER, now, closing, room));
            long roomForOthers = tools.limits().maxInFlight() - tools.limits().answerSlots() - others;
            int rest = (int) Math.max(0, Math.min(room - due.size(), roomForOthers));
            due.addAll(IntentBook.due(tx, Urgency.EPOCH, Urgency.COLLECTION, now, closing, rest));
            return due;
        });
    }

    private void sign(Block head, long mined) {
        for (long gap : tools.database().inTransaction(tx -> NonceBook.gaps(tx, tools.address(), mined))) {
            signing.fill(gap);
        }
        signing.signDue(due(head), mined);
    }

    /** Not only what is open: a nonce that was given up or voided must be filled all the same. */
    private void send(Block head, long mined) {
        var late = Set.copyOf(tools.database().inTransaction(tx -> IntentBook.tooLate(tx, tools.address(), head)));
        var unmined =
                tools.database().inTransaction(tx -> NonceBook.newestFrom(tx, tools.address(), mined, MOST_RESENT));
        broadcasting.sendAll(unmined, late, head);
    }
}
