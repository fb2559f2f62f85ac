package io.perigee.scheduler.placing;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.Optional;

/** Who is online with which offer, and whose stake is how large. */
public interface OfferBook {
    /** Who stands behind a provider, as it last said; empty when it was never seen. */
    Optional<Address> owner(Tx tx, ProviderId provider);

    void online(Tx tx, ProviderOnline online, Instant at);

    /** False when it was not online. */
    boolean offline(Tx tx, ProviderId provider, Instant at);

    /** What the chain said at a block; an older block changes nothing. */
    void stake(Tx tx, Address owner, Amount amount, long block);

    /** What the chain said, for ever. */
    void registered(Tx tx, ProviderId provider, Address owner);

    /** What the chain said, for ever. Takes the lock of matching: no placement that does not know it commits later. */
    void revoked(Tx tx, ProviderId provider, int serial, Instant at);
}
