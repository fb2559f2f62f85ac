package io.perigee.settlement.intent;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What the writer cannot repair alone. Read by health and metrics; set by the writer's thread. */
public final class WriterAlarms {
    private final AtomicReference<Optional<String>> funds = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Stuck>> stuck = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Instant>> lastGood = new AtomicReference<>(Optional.empty());
    private final AtomicLong signed = new AtomicLong();
    private final AtomicLong bumped = new AtomicLong();
    private final AtomicLong voided = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicLong unsigned = new AtomicLong();

    private record Stuck(long nonce, String detail, boolean untaken) {}

    /** The account cannot pay for gas. */
    public Optional<String> funds() {
        return funds.get();
    }

    /** A nonce that cannot be used: more than the fee cap would be needed, or the node takes nothing for it. */
    public Optional<String> stuck() {
        return stuck.get().map(Stuck::detail);
    }

    /** When the writer last went through without trouble of the infrastructure. */
    public Optional<Instant> lastGood() {
        return lastGood.get();
    }

    public long signed() {
        return signed.get();
    }

    public long bumped() {
        return bumped.get();
    }

    public long voided() {
        return voided.get();
    }

    /** Nonces that some other program took with our key. */
    public long foreign() {
        return foreign.get();
    }

    /** How often the signer gave no signature. */
    public long unsigned() {
        return unsigned.get();
    }

    void noFunds(String detail) {
        funds.set(Optional.of(detail));
    }

    void fundsFine() {
        funds.set(Optional.empty());
    }

    void stuckAt(long nonce, String detail) {
        stuckAt(new Stuck(nonce, detail, false));
    }

    /** The node takes no bytes of this nonce, or not the newest. */
    void untakenAt(long nonce, String detail) {
        stuckAt(new Stuck(nonce, detail, true));
    }

    /** The lowest is told: the others wait for it. */
    private void stuckAt(Stuck next) {
        stuck.updateAndGet(now -> now.filter(at -> at.nonce() < next.nonce()).or(() -> Optional.of(next)));
    }

    /** The node took the newest bytes of a nonce after all. */
    void taken(long nonce) {
        stuck.updateAndGet(now -> now.filter(at -> !at.untaken() || at.nonce() != nonce));
    }

    /** What was stuck below is mined after all. */
    void mined(long count) {
        stuck.updateAndGet(now -> now.filter(at -> at.nonce() >= count));
    }

    /** The nonce has bytes that pay more. */
    void moving(long nonce) {
        stuck.updateAndGet(now -> now.filter(at -> at.nonce() != nonce));
    }

    void good(Instant now) {
        lastGood.set(Optional.of(now));
    }

    void countSigned() {
        signed.incrementAndGet();
    }

    void countBumped() {
        bumped.incrementAndGet();
    }

    void countVoided() {
        voided.incrementAndGet();
    }

    void countForeign() {
        foreign.incrementAndGet();
    }

    void countUnsigned() {
        unsigned.incrementAndGet();
    }
}
