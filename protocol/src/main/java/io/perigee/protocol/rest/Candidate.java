package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * An offer that fits, cheapest first.
 *
 * @param seconds what one run's arithmetic takes there at most, by the speed the offer says; loading, and what a step costs
 *     however small, come on top. Null where the run's need, or the offer's speed, is not known
 */
public record Candidate(
        ProviderId provider,
        Address owner,
        Amount price,
        @Nullable Long seconds) {}
