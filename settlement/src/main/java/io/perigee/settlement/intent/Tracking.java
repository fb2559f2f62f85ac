package io.perigee.settlement.intent;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.chain.Revert;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what became of signed transactions. Any of those signed under one nonce may be the one that was mined. */
final class Tracking {
    private static final Logger LOG = LoggerFactory.getLogger(Tracking.class);

    private final WriterTools tools;
    private final Signing signing;

    Tracking(WriterTools tools, Signing signing) {
        this.tools = tools;
        this.signing = signing;
    }

    /** @param mined how many of the sender's transactions are mined at the head */
    void track(Intent intent, Block head, long mined) {
        if (intent.requireNonce() >= mined) {
            if (intent.state() == IntentState.MINED) {
                unmined(intent);
            }
            return;
        }
        if (isKnownAndYoung(intent, head)) {
            return;
        }
        var found = find(intent);
        if (found.isPresent()) {
            settle(intent, found.get(), head);
        } else if (intent.state() == IntentState.MINED) {
            unmined(intent);
        } else {
            lookForStranger(intent, head);
        }
    }

    /** Where it was mined is asked again when that could count; should its block be replaced meanwhile, the count of nonces says so. */
    private boolean isKnownAndYoung(Intent intent, Block head) {
        return intent.state() == IntentState.MINED
                && intent.outcome()
                        .filter(o -> head.number() - o.block() < tools.limits().confirmations())
                        .isPresent();
    }

    private record Found(SignedTransaction signed, Inclusion in) {}

    private Optional<Found> find(Intent intent) {
        var attempts = tools.database().inTransaction(tx -> NonceBook.of(tx, tools.address(), intent.requireNonce()));
        CrashPoints.hit("settlement.before-receipt");
        for (var signed : attempts) {
            var in = tools.reader().inclusion(signed.hash());
            if (in.isPresent()) {
                return Optional.of(new Found(signed, in.get()));
            }
        }
        return Optional.empty();
    }

    private void settle(Intent intent, Found found, Block head) {
        if (!isFinal(found.in(), head)) {
            if (!found.signed().voids() && !noted(intent, found.in())) {
                mined(intent, found);
            }
            return;
        }
        CrashPoints.hit("settlement.before-confirmed");
        if (found.signed().voids()) {
            signing.park(
                    intent,
                    intent.reason().orElse(new Revert(Revert.VOIDED, "the nonce was filled by an empty transaction")));
        } else if (found.in().succeeded()) {
            confirmed(intent, found);
        } else {
            signing.park(intent, whyReverted(intent));
        }
    }

    private boolean isFinal(Inclusion in, Block head) {
        return head.number() - in.block() >= tools.limits().confirmations()
                && tools.reader()
                        .block(in.block())
                        .filter(block -> block.hash().equals(in.blockHash()))
                        .isPresent();
    }

    private static boolean noted(Intent intent, Inclusion in) {
        return intent.state() == IntentState.MINED
                && intent.outcome()
                        .filter(o -> o.transaction().equals(in.transaction()) && o.block() == in.block())
                        .isPresent();
    }

    private void mined(Intent intent, Found found) {
        var now = tools.clock().instant();
        tools.database().transact(tx -> {
            IntentBook.mined(tx, intent.purpose(), found.in(), now);
            announce(tx, intent, found);
        });
        log(intent, found, "transaction mined");
    }

    private void confirmed(Intent intent, Found found) {
        var now = tools.clock().instant();
        tools.database().transact(tx -> {
            IntentBook.confirmed(tx, intent.purpose(), found.in(), now);
            announce(tx, intent, found);
        });
        log(intent, found, "transaction confirmed");
    }

    /** Also here, for the crash between handing the bytes over and noting it. */
    private void announce(Tx tx, Intent intent, Found found) {
        if (IntentBook.announce(tx, intent.purpose())) {
            tools.listener().sent(tx, intent, found.in().transaction());
        }
    }

    /** A block that held it is gone, however deep it was: its bytes are sent again, and it is followed again. */
    void unmined(Intent intent) {
        var now = tools.clock().instant();
        tools.database().transact(tx -> {
            IntentBook.unmined(tx, intent.purpose(), now);
            NonceBook.resend(tx, tools.address(), intent.requireNonce(), now);
        });
        LOG.atWarn().addKeyValue("purpose", intent.purpose()).log("transaction's block was replaced");
    }

    /** The nonce is used but not by us: another program has the key. Once that is final, ours can never be mined. */
    private void lookForStranger(Intent intent, Block head) {
        long deep = head.number() - tools.limits().confirmations();
        if (deep < 0 || tools.sender().minedCount(tools.address(), deep) <= intent.requireNonce()) {
            return;
        }
        if (find(intent).isPresent()) {
            return;
        }
        tools.alarms().countForeign();
        signing.park(
                intent,
                new Revert(Revert.NONCE_TAKEN, "nonce " + intent.requireNonce() + " was used by another program"));
    }

    /** A node that cannot say why must not keep the writer from everything else. */
    private Revert whyReverted(Intent intent) {
        try {
            return switch (tools.sender().estimate(tools.address(), intent.call())) {
                case Estimate.WouldRevert(var revert) -> revert;
                case Estimate.Gas _, Estimate.NoFunds _ ->
                    new Revert(Revert.UNKNOWN, "it reverted in a block, and would not now");
            };
        } catch (ChainUnavailable fault) {
            return new Revert(
                    Revert.UNKNOWN, "it reverted in a block; why, the node does not say: " + fault.getMessage());
        }
    }

    private static void log(Intent intent, Found found, String message) {
        LOG.atInfo()
                .addKeyValue("purpose", intent.purpose())
                .addKeyValue("txHash", found.in().transaction())
                .addKeyValue("block", found.in().block())
                .log(message);
    }
}
