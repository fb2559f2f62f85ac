package io.perigee.market.pricing;

import io.perigee.market.MarketPolicy;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Prices in the token's smallest unit, always rounded up: a provider never works for less than it asked. */
public final class Pricing {
    private static final long MILLION = 1_000_000;
    private static final long HOUR = 3_600;
    private static final Amount UNBOUNDED = new Amount(BigInteger.TWO.pow(200));

    private Pricing() {}

    /** What one whole attempt by this offer costs. */
    public static Amount attempt(JobSpec spec, Offer offer) {
        return switch (WorkKinds.of(spec).tariff(spec)) {
            case Tariff.Tokens(long count) -> offer.perMillionTokens().mulDivCeil(count, MILLION);
            case Tariff.Seconds(long count) -> offer.perHour().mulDivCeil(count, HOUR);
        };
    }

    /** At most so many receipted replicas can be due under one order. */
    public static int payableReplicas(int quorum) {
        return 2 * quorum - 1;
    }

    /** The most one attempt may cost so that the order's maximum covers every replica that can be due. */
    public static Amount attemptCeiling(Amount maximum, int quorum) {
        return maximum.mulDivFloor(1, payableReplicas(quorum));
    }

    /** What a provider stands to lose for a proven contradiction. */
    public static Amount bond(Amount price, MarketPolicy policy) {
        return price.mulDivCeil(policy.bondPercent(), 100);
    }

    /** Seconds of one lease: taking the assignment, running it, uploading what it made. */
    public static long leaseSeconds(JobSpec spec, MarketPolicy policy) {
        return policy.acceptTimeout().toSeconds()
                + spec.deadlines().run()
                + spec.deadlines().upload();
    }

    /** Seconds an order must live for all its replicas, one after the other, with W after the last lease. */
    public static long orderSeconds(JobSpec spec, MarketPolicy policy) {
        return spec.deadlines().queue()
                + payableReplicas(spec.verification().quorum()) * leaseSeconds(spec, policy)
                + policy.windowSeconds();
    }

    /** Seconds below which an order cannot even hold one round of replicas. */
    public static long leastOrderSeconds(JobSpec spec, MarketPolicy policy) {
        return leaseSeconds(spec, policy) + policy.windowSeconds();
    }

    /** The last instant at which an attempt may be assigned so that W still fits between its lease and the deadline. */
    public static Instant latestAssignment(JobSpec spec, long orderDeadline, MarketPolicy policy) {
        return Instant.ofEpochSecond(orderDeadline - policy.windowSeconds() - leaseSeconds(spec, policy));
    }

    /**
     * Prices a spec against the offers of this moment. Never fails: what stands in the way is among the reasons and
     * warnings, and the builder may still order and wait.
     */
    public static PriceQuote quote(
            JobSpec spec, Address builder, List<OfferView> offers, MarketPolicy policy, Instant now) {
        var quorum = spec.verification().quorum();
        var ceiling = attemptCeiling(spec.price().max(), quorum);
        var warnings = new ArrayList<String>();
        var wanted = orderSeconds(spec, policy);
        var seconds = Math.min(wanted, policy.maxOrderSeconds());
        if (wanted > seconds) {
            warnings.add(
                    "Expected the order to live %d s for every replica one after the other, but this escrow allows %d s; fewer replacements will fit"
                            .formatted(wanted, seconds));
        }
        if (leastOrderSeconds(spec, policy) > seconds) {
            warnings.add(
                    "Expected one run to fit into the longest order, but deadlines.run and deadlines.upload need %d s and this escrow allows %d s"
                            .formatted(leastOrderSeconds(spec, policy), seconds));
        }
        var request = request(spec, builder, policy, now, ceiling);
        var candidates = Matcher.candidates(request, spec, offers);
        return switch (Matcher.match(request, spec, offers)) {
            case Match.Found found -> priced(spec, seconds, found.highestPrice(), candidates, List.of(), warnings);
            case Match.None none -> {
                var unbounded = request(spec, builder, policy, now, UNBOUNDED);
                if (Matcher.match(unbounded, spec, offers) instanceof Match.Found found) {
                    var price = found.highestPrice();
                    warnings.add("Expected price.max to cover %d prices of %s, but it is %s; raise it to %s"
                            .formatted(
                                    payableReplicas(quorum),
                                    price,
                                    spec.price().max(),
                                    price.times(payableReplicas(quorum))));
                    yield priced(
                            spec,
                            seconds,
                            price,
                            Matcher.candidates(unbounded, spec, offers),
                            none.reasons(),
                            warnings);
                }
                warnings.add(
                        "Expected %d providers of distinct owners, but none fit now; the job would wait in the queue"
                                .formatted(spec.verification().replicas()));
                yield priced(spec, seconds, ceiling, candidates, none.reasons(), warnings);
            }
        };
    }

    private static PlacementRequest request(
            JobSpec spec, Address builder, MarketPolicy policy, Instant now, Amount ceiling) {
        Set<Address> excluded = new HashSet<>(spec.placement().excludeOwners());
        excluded.add(builder);
        return new PlacementRequest(
                spec.verification().replicas(),
                excluded,
                WorkKinds.of(spec).classDemand(spec),
                PlacementRequest.Selection.CHEAPEST,
                ceiling,
                policy.bondPercent(),
                now,
                now.plusSeconds(leaseSeconds(spec, policy)),
                Digest.ZERO);
    }

    private static PriceQuote priced(
            JobSpec spec,
            long seconds,
            Amount price,
            List<OfferView> candidates,
            List<NoMatchReason> reasons,
            List<String> warnings) {
        var quorum = spec.verification().quorum();
        return new PriceQuote(
                spec.borders(),
                spec.units(),
                spec.verification().replicas(),
                quorum,
                price,
                price.times(payableReplicas(quorum)),
                seconds,
                candidates.stream()
                        .map(view -> new Candidate(view.provider(), view.owner(), attempt(spec, view.offer())))
                        .toList(),
                reasons,
                warnings);
    }
}
