package io.perigee.settlement.chain;

import io.perigee.protocol.epoch.EpochId;

/** What the contract says of an epoch, as it stood after a block. */
@FunctionalInterface
public interface EpochViews {
    Standing standing(EpochId epoch, long block);

    /** Where an epoch stands. */
    enum Standing {
        /** Not posted, or void. */
        NOTHING,
        /** Posted, and not final yet. */
        PENDING,
        /** Anybody may settle it. */
        FINAL,
        SETTLED
    }
}
