package io.perigee.settlement.intent;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.Fees;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.chain.Wallet;
import io.perigee.settlement.intent.Purpose.Urgency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes transactions. Whatever is signed is stored, with its nonce, before anybody else sees it. */
final class Signing {
    private static final Logger LOG = LoggerFactory.getLogger(Signing.class);
    private static final long VOID_GAS = 30_000;
    private static final long SPARE_GAS = 20_000;
    /** After so many questions in a round, and none of another urgency, that the node did not answer it is taken to be away. */
    private static final int MOST_FAULTS = 3;

    private final WriterTools tools;

    Signing(WriterTools tools) {
        this.tools = tools;
    }

    /**
     * Signs what is due, as far as it would succeed now; parks what would not, and what the node cannot judge: one call
     * that it always stumbles over must not keep the others back, nor several of one kind those of another.
     *
     * @throws ChainUnavailable when the node seems to be away
     */
    void signDue(List<Intent> due, long mined) {
        var left = new ArrayList<>(due);
        var stumbled = EnumSet.noneOf(Urgency.class);
        int faults = 0;
        boolean answered = false;
        while (!left.isEmpty()) {
            var intent = left.removeFirst();
            Estimate estimate;
            try {
                estimate = tools.sender().estimate(tools.address(), intent.call());
                answered = true;
            } catch (RuntimeException fault) {
                park(intent, new Revert(Revert.NOT_ESTIMATED, String.valueOf(fault.getMessage())));
                stumbled.add(intent.purpose().urgency());
                faults++;
                if (!answered && faults >= MOST_FAULTS) {
                    left.addFirst(another(left, stumbled).orElseThrow(() -> fault));
                }
                continue;
            }
            switch (estimate) {
                case Estimate.Gas gas -> sign(intent, gas.units(), mined);
                case Estimate.WouldRevert(var revert) -> park(intent, revert);
                case Estimate.NoFunds(var detail) -> {
                    tools.alarms().noFunds(detail);
                    park(intent, new Revert(Revert.GAS_FUNDS, detail));
                }
            }
        }
    }

    /** Takes out the first of another kind than those that the node stumbled over: does it answer that? */
    private static Optional<Intent> another(List<Intent> left, Set<Urgency> stumbled) {
        var other = left.stream()
                .filter(each -> !stumbled.contains(each.purpose().urgency()))
                .findFirst();
        other.ifPresent(left::remove);
        return other;
    }

    /**
     * Replaces bytes that were not taken or not mined by bytes that pay more. False when that would be more than the cap:
     * then they stay the newest of their nonce.
     */
    boolean bump(SignedTransaction last) {
        var fees = tools.fees().bump(last.fees(), tools.sender().fees());
        if (fees.isEmpty()) {
            tools.alarms().stuckAt(last.nonce(), "nonce " + last.nonce() + " would need more than the fee cap");
            return false;
        }
        tools.alarms().moving(last.nonce());
        var call = last.voids() ? toSelf() : callOf(last);
        var next =
                make(last.purpose(), last.voids(), last.nonce(), last.number() + 1, last.gasLimit(), fees.get(), call);
        if (storeReplacement(last, next, tx -> {})) {
            tools.alarms().countBumped();
            LOG.atInfo()
                    .addKeyValue("nonce", next.nonce())
                    .addKeyValue("txHash", next.hash())
                    .addKeyValue("number", next.number())
                    .log("transaction replaced by one that pays more");
            CrashPoints.hit("settlement.after-bump");
        }
        return true;
    }

    /** Fills the nonce of bytes that no node will ever take, or that are to be mined no more, so that later ones can be. */
    void voidNonce(SignedTransaction refused, Revert reason) {
        var quote = tools.sender().fees();
        var fees = tools.fees().bump(refused.fees(), quote).orElseGet(() -> tools.fees()
                .first(quote));
        var filler = make(refused.purpose(), true, refused.nonce(), refused.number() + 1, VOID_GAS, fees, toSelf());
        var now = tools.clock().instant();
        if (storeReplacement(refused, filler, tx -> refused.purpose()
                .ifPresent(purpose -> IntentBook.voiding(tx, purpose, reason, now)))) {
            tools.alarms().countVoided();
            LOG.atWarn()
                    .addKeyValue("nonce", filler.nonce())
                    .addKeyValue("code", reason.code())
                    .addKeyValue("detail", reason.detail())
                    .log("nonce voided");
        }
    }

    /** Fills a nonce that has no bytes at all. */
    void fill(long nonce) {
        var fees = tools.fees().first(tools.sender().fees());
        var filler = make(Optional.empty(), true, nonce, 0, VOID_GAS, fees, toSelf());
        tools.database().transact(tx -> {
            NonceBook.next(tx, tools.address(), nonce);
            if (NonceBook.of(tx, tools.address(), nonce).isEmpty()) {
                NonceBook.store(tx, tools.address(), filler);
            }
        });
        tools.alarms().countVoided();
    }

    void park(Intent intent, Revert reason) {
        var now = tools.clock().instant();
        var next = now.plus(tools.limits().parkFor(intent.tries()));
        tools.database().transact(tx -> IntentBook.park(tx, intent.purpose(), reason, next, now));
        LOG.atWarn()
                .addKeyValue("purpose", intent.purpose())
                .addKeyValue("code", reason.code())
                .addKeyValue("detail", reason.detail())
                .log("purpose parked");
    }

    private void sign(Intent intent, long gas, long mined) {
        var fees = tools.fees().first(tools.sender().fees());
        long limit = gas + gas / 4 + SPARE_GAS;
        var signed = tools.database().inTransaction(tx -> {
            long nonce = NonceBook.next(tx, tools.address(), mined);
            if (IntentBook.lock(tx, intent.purpose()).filter(Signing::isOpen).isEmpty()) {
                return Optional.<SignedTransaction>empty();
            }
            NonceBook.take(tx, tools.address(), mined);
            var made = make(Optional.of(intent.purpose()), false, nonce, 0, limit, fees, intent.call());
            CrashPoints.hit("settlement.before-stored");
            NonceBook.store(tx, tools.address(), made);
            IntentBook.sent(tx, intent.purpose(), tools.address(), nonce, made.waitsSince());
            return Optional.of(made);
        });
        signed.ifPresent(made -> {
            tools.alarms().countSigned();
            tools.alarms().fundsFine();
            LOG.atInfo()
                    .addKeyValue("purpose", intent.purpose())
                    .addKeyValue("nonce", made.nonce())
                    .addKeyValue("txHash", made.hash())
                    .log("transaction signed");
            CrashPoints.hit("settlement.after-sign");
        });
    }

    private static boolean isOpen(Intent intent) {
        return !intent.fulfilled() && (intent.state() == IntentState.PLANNED || intent.state() == IntentState.PARKED);
    }

    /** Stores it unless another writer replaced the same bytes first. */
    private boolean storeReplacement(SignedTransaction last, SignedTransaction next, Consumer<Tx> also) {
        return tools.database().inTransaction(tx -> {
            NonceBook.next(tx, tools.address(), 0);
            var newest = NonceBook.of(tx, tools.address(), last.nonce()).getFirst();
            if (!newest.hash().equals(last.hash())) {
                return false;
            }
            NonceBook.store(tx, tools.address(), next);
            also.accept(tx);
            return true;
        });
    }

    private SignedTransaction make(
            Optional<Purpose> purpose, boolean voids, long nonce, int number, long gas, Fees fees, Call call) {
        Instant now = tools.clock().instant();
        var signed = tools.wallet().sign(new Wallet.Draft(nonce, gas, fees, call));
        return new SignedTransaction(
                signed.hash(), nonce, number, purpose, voids, signed.raw(), gas, fees, now, Optional.empty());
    }

    private Call callOf(SignedTransaction signed) {
        var purpose = signed.purpose().orElseThrow();
        return tools.database()
                .inTransaction(tx -> IntentBook.find(tx, purpose))
                .orElseThrow()
                .call();
    }

    private Call toSelf() {
        return new Call(tools.address(), new byte[0]);
    }
}
