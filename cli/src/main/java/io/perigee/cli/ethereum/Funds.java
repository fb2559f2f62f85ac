package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** A wallet's money in the escrow, and the ways out of it. Asks and encodes; signs nothing. */
public final class Funds {
    private final Contracts contracts;

    Funds(Contracts contracts) {
        this.contracts = contracts;
    }

    /**
     * What is on its way back from the hub.
     *
     * @param availableAt when it may be taken; long ago when nothing is on its way
     */
    public record Recalled(Amount amount, Instant availableAt) {
        public boolean ripe(Instant now) {
            return !amount.isZero() && !now.isBefore(availableAt);
        }
    }

    /**
     * The escrow's times.
     *
     * @param window W
     * @param maxOrder the longest life of an order
     */
    public record Times(Duration window, Duration maxOrder) {
        /** From asking back to taking out: when no order that is older can be paid any more. */
        public Duration recall() {
            return maxOrder.plus(window.multipliedBy(9));
        }
    }

    public Times times() {
        var escrow = contracts.escrow();
        return new Times(
                Duration.ofSeconds(contracts.node().read(escrow.window()).longValueExact()),
                Duration.ofSeconds(contracts.node().read(escrow.maxOrder()).longValueExact()));
    }

    public Amount free(Address who) {
        return new Amount(contracts.node().read(contracts.escrow().balanceOf(who.value(), token().value())));
    }

    public Amount allotted(Address who) {
        return new Amount(
                contracts.node().read(contracts.escrow().allotment(who.value(), hub().value(), token().value())));
    }

    public Recalled recalled(Address who) {
        var found = contracts.node().read(contracts.escrow().recalled(who.value(), hub().value(), token().value()));
        return new Recalled(new Amount(found.component1()), instant(found.component2()));
    }

    public Call withdraw(Address to, Amount amount) {
        return Call.of(
                contracts.market().escrow(), contracts.escrow().withdraw(token().value(), to.value(), amount.value()));
    }

    /** Sets part of the free balance aside for the hub's orders. */
    public Call allot(Amount amount) {
        return Call.of(
                contracts.market().escrow(), contracts.escrow().allot(hub().value(), token().value(), amount.value()));
    }

    public Call recall(Amount amount) {
        return Call.of(
                contracts.market().escrow(), contracts.escrow().recall(hub().value(), token().value(), amount.value()));
    }

    public Call reclaim() {
        return Call.of(contracts.market().escrow(), contracts.escrow().reclaim(hub().value(), token().value()));
    }

    /** Chains count in 64 bits; far beyond any date is as good as never. */
    static Instant instant(BigInteger seconds) {
        return Instant.ofEpochSecond(
                seconds.min(BigInteger.valueOf(253_402_300_799L)).longValueExact());
    }

    private Address token() {
        return contracts.market().token();
    }

    private Address hub() {
        return contracts.market().hub();
    }
}
