package io.perigee.market.matching;

import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many providers a job wants now, and which may not be among them.
 *
 * @param count all of them or none: half a quorum helps nobody
 * @param excludedOwners the builder, whom the spec excludes, and owners that already ran it
 * @param demand the numeric class; fixed once an attempt counts
 * @param estimate what one run needs; null where nobody knows, and the spec's own numbers alone decide
 * @param attemptCeiling the most one attempt may cost
 * @param bondPercent the bond in percent of the price; must be free in the owner's stake
 * @param issuedAt when the assignments would be signed
 * @param leaseUntil a session key must outlive it
 * @param seed breaks ties, and draws when drawn by stake; public after the verdict
 */
public record PlacementRequest(
        int count,
        Set<Address> excludedOwners,
        ClassDemand demand,
        @Nullable RunEstimate estimate,
        Selection selection,
        Amount attemptCeiling,
        int bondPercent,
        Instant issuedAt,
        Instant leaseUntil,
        Digest seed) {

    /** How to choose among those that fit. */
    public enum Selection {
        CHEAPEST,
        /** After a mismatch: by stake and not by price, so that the cheapest cheater cannot choose its own judge. */
        BY_STAKE
    }

    public PlacementRequest {
        excludedOwners = Set.copyOf(excludedOwners);
        if (count < 1) {
            throw new IllegalArgumentException("Expected to place at least one attempt, but got " + count);
        }
    }

    /** Bytes that one run must have; 0 where nobody knows. */
    long required() {
        return estimate == null ? 0 : estimate.required();
    }

    /** What the first of these finds that finds anybody; when none does, why the last found nobody, which asks for least. */
    public static Match best(List<PlacementRequest> requests, Function<PlacementRequest, Match> matching) {
        Match match = matching.apply(requests.getFirst());
        for (var request : requests.subList(1, requests.size())) {
            if (match instanceof Match.Found) {
                return match;
            }
            match = matching.apply(request);
        }
        return match;
    }
}
