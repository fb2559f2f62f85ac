package io.perigee.settlement.watch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;

/** What the contracts say has happened to money, and to whom may earn it. Fields are the events' own; see IEscrow and IProviderRegistry. */
public sealed interface ChainEvent {
    record Deposited(Address builder, Address token, Amount amount) implements ChainEvent {}

    record Withdrawn(Address builder, Address token, Amount amount) implements ChainEvent {}

    record Allotted(Address builder, Address hub, Address token, Amount amount, Amount total) implements ChainEvent {}

    record Recalled(Address builder, Address hub, Address token, Amount amount, Amount left) implements ChainEvent {}

    record Reclaimed(Address builder, Address hub, Address token, Amount amount) implements ChainEvent {}

    record Spent(
            Digest orderHash,
            Address builder,
            Address hub,
            Address token,
            Amount amount,
            Amount allotted,
            Amount orderSpent)
            implements ChainEvent {}

    /**
     * A reserved credit.
     *
     * @param maturesAt epoch seconds
     */
    record Credited(Digest orderHash, Digest assignmentHash, Address owner, Amount amount, Amount total, long maturesAt)
            implements ChainEvent {}

    record Released(Digest orderHash, Digest assignmentHash, Address payee, Amount amount, Amount total)
            implements ChainEvent {}

    record Collected(Digest assignmentHash, Address owner, Address payee, Address token, Amount amount)
            implements ChainEvent {}

    record BondBurned(Digest orderHash, Digest assignmentHash, Address owner, Amount amount) implements ChainEvent {}

    /**
     * Staked, asked back or burned.
     *
     * @param stake what counts now
     */
    record StakeMoved(Address owner, Amount stake) implements ChainEvent {}

    record PayeeSet(Address owner, Address payee) implements ChainEvent {}

    record Registered(ProviderId provider, Address owner) implements ChainEvent {}

    /**
     * A serial of a provider's session keys is burned.
     *
     * @param revokedAt epoch seconds
     */
    record KeyRevoked(ProviderId provider, Address owner, int serial, long revokedAt) implements ChainEvent {}
}
