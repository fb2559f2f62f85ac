package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;

/** A builder's allotment to a hub, with what orders hold of it. */
public record AllotmentChanged(
        Address builder, Address hub, Address token, Amount total, Amount reserved, Amount available, long block)
        implements AccountFact {

    @Override
    public Address account() {
        return builder;
    }
}
