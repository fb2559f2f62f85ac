package io.perigee.market.matching;

import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
 * @param standby who else must be there for this to begin at all; null where nobody
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
        Digest seed,
        @Nullable Standby standby) {

    /** How to choose among those that fit. */
    public enum Selection {
        CHEAPEST,
        /** After a mismatch: by stake and not by price, so that the cheapest cheater cannot choose its own judge. */
        BY_STAKE,
        /** As draws were made before decision 48: in the class where the drawn ask least. Only to recompute old ones. */
        BY_STAKE_IN_CHEAPEST_CLASS
    }

    /**
     * Owners that could look at what is placed, in its numeric class and beside whoever is chosen. They may be busy: a
     * machine is free again before they are needed, but a bond that stays with a run until its verdict is not.
     *
     * @param bondPercent what each must have free, in percent of its own price for the whole
     */
    public record Standby(int owners, int bondPercent) {}

    public PlacementRequest {
        excludedOwners = Set.copyOf(excludedOwners);
        if (count < 1) {
            throw new IllegalArgumentException("Expected to place at least one attempt, but got " + count);
        }
    }

    /** Whoever is chosen needs nobody else to be there. */
    public PlacementRequest(
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
        this(
                count,
                excludedOwners,
                demand,
                estimate,
                selection,
                attemptCeiling,
                bondPercent,
                issuedAt,
                leaseUntil,
                seed,
                null);
    }

    /** The same, but who stands by is no matter. */
    PlacementRequest alone() {
        return standby(null, bondPercent);
    }

    /** The same, which begins only while others stand by. */
    public PlacementRequest standby(Standby others) {
        return standby(others, bondPercent);
    }

    /** What each of those who stand by must be able to do. */
    PlacementRequest ofStandby(Standby others) {
        return standby(null, others.bondPercent());
    }

    private PlacementRequest standby(@Nullable Standby others, int percent) {
        return with(others, percent, issuedAt, leaseUntil);
    }

    /** The same, of which one attempt may cost so much. */
    public PlacementRequest costing(Amount ceiling) {
        return new PlacementRequest(
                count,
                excludedOwners,
                demand,
                estimate,
                selection,
                ceiling,
                bondPercent,
                issuedAt,
                leaseUntil,
                seed,
                standby);
    }

    /** The same, where the class is open only in one of these; in any when there are none. */
    public PlacementRequest within(Set<Digest> peopled) {
        return new PlacementRequest(
                count,
                excludedOwners,
                demand.within(peopled),
                estimate,
                selection,
                attemptCeiling,
                bondPercent,
                issuedAt,
                leaseUntil,
                seed,
                standby);
    }

    /** The same, chosen as it was before decision 48. */
    public PlacementRequest asOnceDrawn() {
        return selection != Selection.BY_STAKE
                ? this
                : new PlacementRequest(
                        count,
                        excludedOwners,
                        demand,
                        estimate,
                        Selection.BY_STAKE_IN_CHEAPEST_CLASS,
                        attemptCeiling,
                        bondPercent,
                        issuedAt,
                        leaseUntil,
                        seed,
                        standby);
    }

    /** The same, asked at another instant: keys must cover as long a lease from then on. */
    PlacementRequest askedAt(Instant now) {
        return with(standby, bondPercent, now, leaseUntil.plus(Duration.between(issuedAt, now)));
    }

    private PlacementRequest with(@Nullable Standby others, int percent, Instant issued, Instant until) {
        return new PlacementRequest(
                count,
                excludedOwners,
                demand,
                estimate,
                selection,
                attemptCeiling,
                percent,
                issued,
                until,
                seed,
                others);
    }

    /** The one of a job's alternatives that most offers do for: they differ in how many they ask for and in what each may cost. */
    static PlacementRequest widest(List<PlacementRequest> requests) {
        return requests.stream()
                .max(Comparator.comparing(PlacementRequest::attemptCeiling))
                .orElseThrow(() -> new IllegalArgumentException("Expected a job that waits to ask for something"));
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
