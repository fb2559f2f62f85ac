package io.perigee.market.pricing;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices in the token's smallest unit, always rounded up: a provider never works for less than it asked. */
public final class Pricing {
    private Pricing() {}

    /** What one whole attempt by this offer costs. */
    public static Amount attempt(JobSpec spec, Offer offer) {
        var tariff = WorkKinds.of(spec).tariff(spec);
        return tariff.price(offer).mulDivCeil(tariff.count(), tariff.per());
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
     *
     * @param run what one run needs; null where nobody knows
     */
    public static PriceQuote quote(
            JobSpec spec,
            @Nullable RunEstimate run,
            Address builder,
            List<OfferView> offers,
            MarketPolicy policy,
            Instant now) {
        return new Quoting(spec, run, builder, offers, policy, now).quote();
    }
}
