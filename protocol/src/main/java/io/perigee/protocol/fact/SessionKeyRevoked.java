package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;

/**
 * An owner revoked a serial of its provider's session keys, for ever. What was assigned before stays good.
 *
 * @param revokedAt epoch seconds; the contract pays nothing for an assignment issued then or later
 */
public record SessionKeyRevoked(Address owner, ProviderId provider, int serial, long revokedAt, long block)
        implements AccountFact {

    @Override
    public Address account() {
        return owner;
    }
}
