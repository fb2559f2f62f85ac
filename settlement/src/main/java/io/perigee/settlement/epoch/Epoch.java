package io.perigee.settlement.epoch;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.EpochState;
import java.util.Optional;

/**
 * An epoch that we built.
 *
 * @param count how many lines it has
 * @param amount what its builders pay, which is what its owners earn
 * @param file its lines, by their content
 * @param jobs how many it pays
 * @param gasUsed by posting and settling it; known once it is settled
 */
record Epoch(
        EpochId id, Digest root, int count, Amount amount, ContentId file, int jobs, EpochState state, long gasUsed) {

    Epoch in(EpochState next) {
        return new Epoch(id, root, count, amount, file, jobs, next, gasUsed);
    }

    EpochChanged changed(Optional<Digest> transaction) {
        return new EpochChanged(
                id.hub(),
                id.token(),
                id.number(),
                root,
                count,
                amount,
                amount,
                state,
                transaction.map(Digest::value).orElse(null),
                file);
    }
}
