package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.EpochState;
import org.jspecify.annotations.Nullable;

/**
 * A hub's epoch took a step.
 *
 * @param count how many lines it has
 * @param debits what its builders pay, together
 * @param credits what its owners earn, together
 * @param transaction that posted it; null until that is confirmed
 * @param file its lines, by their content
 */
public record EpochChanged(
        Address hub,
        Address token,
        int number,
        Digest root,
        int count,
        Amount debits,
        Amount credits,
        EpochState state,
        @Nullable String transaction,
        ContentId file)
        implements AccountFact {
    @Override
    public Address account() {
        return hub;
    }
}
