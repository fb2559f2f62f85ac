package io.perigee.settlement.payout;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.Optional;

/**
 * A decided job on its way to being settled.
 *
 * @param orderHash empty when the job was never reserved for
 * @param round which collection is next or under way; more than one only when credits came later
 * @param maturesAt when the last credit may be collected; known once the credits are reserved
 */
public record Debt(
        JobId job, Optional<Digest> orderHash, State state, int round, Optional<Instant> maturesAt, String trace) {

    /** The names are stored; they never change. */
    public enum State {
        /** Decided; its order's epoch cannot be built yet. */
        WAITING_EPOCH,
        /** In an epoch that is being posted. */
        IN_EPOCH,
        /** In an epoch that is on the chain. */
        POSTED,
        /** No epoch pays it; the contract does not take its evidence yet. */
        WAITING_DIRECT,
        /** The contract is shown that no epoch paid it. */
        CARRYING,
        /** The evidence is on its way to the contract. */
        SENDING,
        /** Credits are reserved and wait for W. */
        MATURING,
        /** The collection is on its way. */
        COLLECTING,
        SETTLED
    }

    public Digest requireOrder() {
        return orderHash.orElseThrow(() -> new IllegalStateException("Expected job " + job + " to have an order"));
    }
}
