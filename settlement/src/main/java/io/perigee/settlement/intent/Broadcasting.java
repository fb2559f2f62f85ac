package io.perigee.settlement.intent;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.chain.Submission;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands stored bytes to the node, again and again until they are mined. */
final class Broadcasting {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcasting.class);

    private final WriterTools tools;
    private final Signing signing;

    Broadcasting(WriterTools tools, Signing signing) {
        this.tools = tools;
        this.signing = signing;
    }

    /** An empty transaction takes the nonce of bytes that the contract would refuse by now; it is sent like any other. */
    void sendNoMore(SignedTransaction late) {
        signing.voidNonce(late, new Revert(Revert.TOO_LATE, "the contract took it no more before it was mined"));
    }

    /**
     * Sends the newest bytes of one nonce when they were not sent lately, and replaces them when they wait too long. Those
     * that may not pay more are sent again: the node may have lost them, and gas may be cheap again.
     */
    void send(SignedTransaction newest) {
        var now = tools.clock().instant();
        var limits = tools.limits();
        if (newest.sentAt().isPresent()
                && !newest.waitsSince().plus(limits.bumpAfter()).isAfter(now)
                && signing.bump(newest)) {
            return;
        }
        if (newest.sentAt().isPresent()
                && newest.sentAt().get().plus(limits.rebroadcast()).isAfter(now)) {
            return;
        }
        var answer = tools.sender().send(newest.raw());
        CrashPoints.hit("settlement.after-broadcast");
        switch (answer) {
            case Submission.Accepted() -> accepted(newest);
            case Submission.NonceUsed() -> note(newest, "nonce used");
            case Submission.NoFunds(var detail) -> {
                tools.alarms().noFunds(detail);
                note(newest, detail);
            }
            case Submission.Underpriced(var detail) -> {
                note(newest, detail);
                signing.bump(newest);
            }
            case Submission.Refused(var detail) -> {
                note(newest, detail);
                if (newest.voids()) {
                    tools.alarms().stuckAt(newest.nonce(), "nonce " + newest.nonce() + " cannot be filled: " + detail);
                } else {
                    signing.voidNonce(newest, new Revert(Revert.REFUSED_BY_NODE, detail));
                }
            }
        }
    }

    private void accepted(SignedTransaction signed) {
        var now = tools.clock().instant();
        tools.database().transact(tx -> {
            NonceBook.answered(tx, signed.hash(), "accepted", Optional.of(now));
            if (!signed.voids()) {
                signed.purpose().ifPresent(purpose -> announce(tx, purpose, signed));
            }
        });
        LOG.atInfo()
                .addKeyValue("nonce", signed.nonce())
                .addKeyValue("txHash", signed.hash())
                .log("transaction sent");
    }

    private void announce(Tx tx, Purpose purpose, SignedTransaction signed) {
        if (IntentBook.announce(tx, purpose)) {
            tools.listener().sent(tx, IntentBook.find(tx, purpose).orElseThrow(), signed.hash());
        }
    }

    private void note(SignedTransaction signed, String answer) {
        tools.database().transact(tx -> NonceBook.answered(tx, signed.hash(), answer, Optional.empty()));
        LOG.atWarn()
                .addKeyValue("nonce", signed.nonce())
                .addKeyValue("answer", answer)
                .log("transaction not taken");
    }
}
