package io.perigee.cli.ethereum;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.time.Duration;
import java.time.Instant;

/** An owner's stake, and the way out of it. Asks and encodes; signs nothing. */
public final class Stakes {
    private final Contracts contracts;

    Stakes(Contracts contracts) {
        this.contracts = contracts;
    }

    /**
     * What an owner has at stake.
     *
     * @param counting what answers for new assignments
     * @param leaving what was asked back
     * @param availableAt when that may be taken out
     * @param disputes how many open disputes keep it
     */
    public record State(Amount counting, Amount leaving, Instant availableAt, int disputes) {
        public boolean ripe(Instant now) {
            return !leaving.isZero() && !now.isBefore(availableAt) && disputes == 0;
        }
    }

    public State of(Address owner) {
        var registry = contracts.registry();
        var node = contracts.node();
        var unbonding = node.read(registry.unbonding(owner.value()));
        return new State(
                new Amount(node.read(registry.stakeOf(owner.value()))),
                new Amount(unbonding.component1()),
                Funds.instant(unbonding.component2()),
                node.read(registry.disputes(owner.value())).intValueExact());
    }

    public Duration unbondingTime() {
        return Duration.ofSeconds(
                contracts.node().read(contracts.registry().unbondingTime()).longValueExact());
    }

    /** Where an owner's earnings go. */
    public Address payee(Address owner) {
        return Address.parse(contracts.node().read(contracts.registry().payeeOf(owner.value())));
    }

    public Call unstake(Amount amount) {
        return Call.of(contracts.market().registry(), contracts.registry().unstake(amount.value()));
    }

    public Call takeOut(Address to) {
        return Call.of(contracts.market().registry(), contracts.registry().withdrawStake(to.value()));
    }
}
