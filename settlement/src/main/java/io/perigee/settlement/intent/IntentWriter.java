package io.perigee.settlement.intent;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        giveUp(tools.clock().instant());
        if (isIdle()) {
            tools.alarms().good(tools.clock().instant());
            return;
        }
        var head = tools.reader().head();
        // it is the chain's time that the contracts go by
        giveUp(head.time());
        long mined = tools.sender().minedCount(tools.address());
        for (var intent : tools.database().inTransaction(tx -> IntentBook.undone(tx, tools.address(), mined))) {
            tracking.unmined(intent);
        }
        for (var intent : tools.database().inTransaction(tx -> IntentBook.underWay(tx, tools.address()))) {
            tracking.track(intent, head, mined);
        }
        for (long gap : tools.database().inTransaction(tx -> NonceBook.gaps(tx, tools.address(), mined))) {
            signing.fill(gap);
        }
        signing.signDue(due(), mined);
        send(mined);
        tools.alarms().good(tools.clock().instant());
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

    private void giveUp(Instant now) {
        for (var purpose : tools.database().inTransaction(tx -> IntentBook.giveUp(tx, now))) {
            LOG.atWarn().addKeyValue("purpose", purpose).log("purpose ended without a transaction of ours");
        }
    }

    private List<Intent> due() {
        var now = tools.clock().instant();
        return tools.database().inTransaction(tx -> {
            int room = tools.limits().maxInFlight()
                    - IntentBook.underWay(tx, tools.address()).size();
            return room <= 0 ? List.of() : IntentBook.due(tx, now, room);
        });
    }

    /** Not only what is open: a nonce that was given up or voided must be filled all the same. */
    private void send(long mined) {
        var unmined =
                tools.database().inTransaction(tx -> NonceBook.newestFrom(tx, tools.address(), mined, MOST_RESENT));
        for (var signed : unmined) {
            broadcasting.send(signed);
        }
    }
}
