package io.perigee.settlement.intent;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.key.SignerFault;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.chain.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands stored bytes to the node, again and again until they are mined. */
final class Broadcasting {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcasting.class);

    private final WriterTools tools;
    private final Signing signing;
    /**
     * What was refused in words that nobody knows. After a restart it is found out again, and its time begins anew: that makes
     * nothing be given up too early, and later by no more than the program was up before; what a node takes meanwhile is mined.
     */
    private final Map<Digest, Untaken> untaken = new HashMap<>();

    private Optional<First> first = Optional.empty();

    /**
     * The bytes that are mined next.
     *
     * @param since the head when they became it
     */
    private record First(Digest hash, long since) {}

    /** Once through all that is signed. What gas costs is asked for once in it, and only when it is needed. */
    private final class Round {
        private final Block head;
        private Optional<FeeQuote> quote = Optional.empty();

        Round(Block head) {
            this.head = head;
        }

        FeeQuote quote() {
            var known = quote.orElseGet(tools.sender()::fees);
            quote = Optional.of(known);
            return known;
        }
    }

    /**
     * @param since the chain's time when it was refused first
     * @param askedAt when it was handed over last
     */
    private record Untaken(Instant since, Instant askedAt) {}

    Broadcasting(WriterTools tools, Signing signing) {
        this.tools = tools;
        this.signing = signing;
    }

    /**
     * Goes through the newest bytes of each nonce that is not mined at the head, the lowest first.
     *
     * @param late what the contract would refuse by now
     * @throws SignerFault when one of them needed another signature and got none; that keeps no other one back
     */
    void sendAll(List<SignedTransaction> unmined, Set<Purpose> late, Block head) {
        untaken.keySet().retainAll(unmined.stream().map(SignedTransaction::hash).toList());
        var lowest = unmined.stream().findFirst();
        if (!first.map(First::hash).equals(lowest.map(SignedTransaction::hash))) {
            first = lowest.map(each -> new First(each.hash(), head.number()));
        }
        var round = new Round(head);
        var faults = new ArrayList<SignerFault>();
        for (var signed : unmined) {
            try {
                if (signed.purpose().filter(late::contains).isPresent()) {
                    sendNoMore(signed);
                } else {
                    send(signed, round);
                }
            } catch (SignerFault fault) {
                tools.alarms().countUnsigned();
                faults.add(fault);
            }
        }
        if (!faults.isEmpty()) {
            throw faults.getFirst();
        }
    }

    /** An empty transaction takes the nonce of bytes that the contract would refuse by now; it is sent like any other. */
    private void sendNoMore(SignedTransaction late) {
        signing.voidNonce(late, new Revert(Revert.TOO_LATE, "the contract took it no more before it was mined"));
    }

    /**
     * Sends the newest bytes of one nonce when they were not sent lately, and replaces them when they wait too long. Those
     * that may not pay more are sent again: the node may have lost them, and gas may be cheap again.
     */
    private void send(SignedTransaction newest, Round round) {
        var now = tools.clock().instant();
        var limits = tools.limits();
        if (newest.sentAt().isPresent()
                && !newest.waitsSince().plus(limits.bumpAfter()).isAfter(now)
                && paysTooLittle(newest, round)
                && signing.bump(newest)) {
            return;
        }
        var lately = now.minus(limits.rebroadcast());
        if (newest.sentAt().filter(lately::isBefore).isPresent()
                || Optional.ofNullable(untaken.get(newest.hash()))
                        .filter(refused -> lately.isBefore(refused.askedAt()))
                        .isPresent()) {
            return;
        }
        var answer = tools.sender().send(newest.raw());
        CrashPoints.hit("settlement.after-broadcast");
        switch (answer) {
            case Submission.Accepted() -> {
                tools.alarms().taken(newest.nonce());
                accepted(newest);
            }
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
            case Submission.Unclear(var detail) -> unclear(newest, detail, round.head);
        }
    }

    /**
     * A later nonce is mined after the first only, and none while no block comes: to offer more for them would cost more,
     * and make nothing faster.
     */
    private boolean paysTooLittle(SignedTransaction newest, Round round) {
        if (first.filter(each -> each.hash().equals(newest.hash())).isPresent()) {
            return first.filter(each -> each.since() < round.head.number()).isPresent();
        }
        return !tools.fees().fits(newest.fees(), round.quote());
    }

    /**
     * The later nonces get their turn all the same. What another node may take, or this one with other settings, is handed
     * over again for a while; older bytes that are good still take its place, and are never voided for it.
     */
    private void unclear(SignedTransaction newest, String detail, Block head) {
        note(newest, detail);
        tools.alarms().untakenAt(newest.nonce(), "nonce %d is not taken: %s".formatted(newest.nonce(), detail));
        var now = tools.clock().instant();
        var refused = untaken.merge(
                newest.hash(), new Untaken(head.time(), now), (first, again) -> new Untaken(first.since(), now));
        if (newest.voids() || isOlderTaken(newest)) {
            return;
        }
        if (!head.time().isBefore(refused.since().plus(tools.limits().untakenFor()))) {
            signing.voidNonce(newest, new Revert(Revert.REFUSED_BY_NODE, detail));
        }
    }

    /** Hands over the bytes before the newest of a nonce; true when a node has taken them now or before. */
    private boolean isOlderTaken(SignedTransaction newest) {
        var older = tools.database().inTransaction(tx -> NonceBook.of(tx, tools.address(), newest.nonce())).stream()
                .filter(each -> each.number() == newest.number() - 1)
                .findFirst();
        if (older.isEmpty()) {
            return false;
        }
        if (tools.sender().send(older.get().raw()) instanceof Submission.Accepted) {
            accepted(older.get());
            return true;
        }
        return older.get().sentAt().isPresent();
    }

    private void accepted(SignedTransaction signed) {
        tools.alarms().fundsFine();
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
