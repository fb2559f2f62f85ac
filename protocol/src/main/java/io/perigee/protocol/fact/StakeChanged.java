package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/** An owner's stake. */
public record StakeChanged(Address owner, Amount stake, long block) implements AccountFact {

    @Override
    public Address account() {
        return owner;
    }
}
