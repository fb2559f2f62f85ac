package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;

/** An owner registered a provider. The contract binds an id to its owner for ever, so this is never taken back. */
public record ProviderRegistered(Address owner, ProviderId provider, long block) implements AccountFact {

    @Override
    public Address account() {
        return owner;
    }
}
