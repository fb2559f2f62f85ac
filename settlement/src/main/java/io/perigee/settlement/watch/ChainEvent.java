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

    /** A court began, or ended, to look at an assignment: its credit, if it has one, waits as long as any does. */
    record Frozen(Digest assignmentHash, boolean yes) implements ChainEvent {}

    /** A court took a credit from a condemned assignment; the builder has it back. */
    record CreditReturned(Digest assignmentHash, Address builder, Address token, Amount amount) implements ChainEvent {}

    record BondBurned(Digest orderHash, Digest assignmentHash, Address owner, Amount amount) implements ChainEvent {}

    /**
     * Staked, asked back, burned or slashed.
     *
     * @param stake what counts now
     */
    record StakeMoved(Address owner, Amount stake) implements ChainEvent {}

    record PayeeSet(Address owner, Address payee) implements ChainEvent {}

    record Registered(ProviderId provider, Address owner) implements ChainEvent {}

    /** A settler posted its bond for a hub's epochs. */
    record BookOpened(Address hub, Address token, Address settler, Amount bond) implements ChainEvent {}

    /** A fault or a silence made everything of a book void that was not final. */
    record BookRuined(Address hub, Address token, Address by, Amount bond) implements ChainEvent {}

    record EpochPosted(Address settler, Address token, int number, Digest root) implements ChainEvent {}

    /** @param line any uint32: strangers' epochs are not bounded by ours */
    record LineDemanded(Address hub, Address token, int number, long line, Address by) implements ChainEvent {}

    record OrderDemanded(Address hub, Address token, int number, Address builder, Digest orderHash, Address by)
            implements ChainEvent {}

    /**
     * A demand answered.
     *
     * @param what which, by the contract's key: a line's index, or the hash of builder and order
     */
    record Answered(Address hub, Address token, int number, Digest what) implements ChainEvent {}

    /**
     * An epoch's money moved.
     *
     * @param amount what its accounts say
     * @param paid what allotments and the bond held of it
     */
    record EpochSettled(Address hub, Address token, int number, Amount amount, Amount covered) implements ChainEvent {}

    /**
     * What an epoch paid of an order stands in the escrow's records now.
     *
     * @param orderSpent all that the order has cost so far, by whatever way
     */
    record Carried(Digest orderHash, Address builder, Address hub, Address token, int lines, Amount orderSpent)
            implements ChainEvent {}

    /**
     * One line of it: the money moved when the epoch was settled.
     *
     * @param total all that the assignment has earned so far
     */
    record PaidByEpoch(Digest orderHash, Digest assignmentHash, Address owner, Amount amount, Amount total)
            implements ChainEvent {}

    /**
     * Taken from an allotment for an epoch.
     *
     * @param allotted what is left of it
     */
    record Charged(Address builder, Address hub, Address token, Amount amount, Amount allotted) implements ChainEvent {}

    /** From one free balance to another, inside the escrow. */
    record Moved(Address token, Address from, Address to, Amount amount) implements ChainEvent {}

    /**
     * A serial of a provider's session keys is burned.
     *
     * @param revokedAt epoch seconds
     */
    record KeyRevoked(ProviderId provider, Address owner, int serial, long revokedAt) implements ChainEvent {}
}
