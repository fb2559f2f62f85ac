package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Duration;

/** What the contracts say of themselves, as it stood after a block. */
public interface EscrowViews {
    /** What a hub may count on for new orders. */
    Amount allotment(Address builder, Address hub, Address token, long block);

    /** All that an order has cost. */
    Amount spent(Digest orderHash, long block);

    /** What an assignment has earned under an order, by whatever way. */
    Amount paid(Digest orderHash, Digest assignmentHash, long block);

    /** What is reserved for an assignment and not collected. */
    Amount credit(Digest assignmentHash, long block);

    /** What a builder may withdraw. */
    Amount balance(Address builder, Address token, long block);

    boolean orderApproved(Digest orderHash, long block);

    /** What the token says the escrow holds. */
    Amount held(Address token, long block);

    Amount stake(Address owner, long block);

    /** The escrow's own parameters and registry, to compare with the settings at start. */
    Terms terms();

    /**
     * What cannot change after the deployment.
     *
     * @param window W
     */
    record Terms(Address registry, Address epochs, Duration window, Duration maxOrder) {}
}
