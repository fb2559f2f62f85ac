package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * An epoch as the hub says it is; the chain and the file tell whether that is so.
 *
 * @param count how many lines it has
 * @param debits what its builders pay, together
 * @param credits what its owners earn, together
 * @param transaction that posted it; null until that is confirmed
 * @param file its lines, by their content; {@code GET /api/v1/epochs/{number}/file} gives them
 */
public record EpochView(
        Address hub,
        Address token,
        int number,
        Digest root,
        int count,
        Amount debits,
        Amount credits,
        EpochState state,
        @Nullable String transaction,
        ContentId file) {}
