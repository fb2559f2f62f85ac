package io.perigee.market.pricing;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.OfferView;
import io.perigee.market.verification.Planted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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

    /** What the order's maximum must cover when one whole run costs so much. */
    public static Amount maximum(JobSpec spec, Amount price) {
        var audit = AuditBudget.of(spec);
        return audit.isPresent() ? audit.get().maximum(price) : price.times(payableReplicas(quorum(spec)));
    }

    /** The most one attempt may cost so that a maximum covers every replica that can be due. */
    public static Amount attemptCeiling(Amount maximum, int quorum) {
        return maximum.mulDivFloor(1, payableReplicas(quorum));
    }

    /** The most one whole run may cost so that the order's maximum covers everything that can be due. */
    public static Amount attemptCeiling(JobSpec spec) {
        var maximum = spec.price().max();
        var audit = AuditBudget.of(spec);
        return audit.isPresent() ? audit.get().runCeiling(maximum) : attemptCeiling(maximum, quorum(spec));
    }

    /**
     * What part of a run costs: by its steps or by its borders, whichever is more, so that no auditor works for less than
     * it asks, however short the last segment is.
     */
    public static Amount part(JobSpec spec, Amount wholePrice, int fromBorder, int toBorder) {
        var bySteps =
                wholePrice.mulDivCeil(steps(spec, toBorder) - steps(spec, fromBorder), steps(spec, spec.borders()));
        var byBorders = wholePrice.mulDivCeil(toBorder - (long) fromBorder, spec.borders());
        return bySteps.covers(byBorders) ? bySteps : byBorders;
    }

    /** The most that is due for a run from a border on, and for its audit, when nothing of it falls. */
    public static Amount rest(JobSpec spec, int fromBorder) {
        return attemptCeiling(spec).mulDivCeil(AuditBudget.rest(spec, fromBorder), spec.borders());
    }

    private static long steps(JobSpec spec, int border) {
        var train = Objects.requireNonNull(spec.train());
        var segments = Objects.requireNonNull(spec.segments());
        return Math.min(train.steps(), (long) border * segments.stepsPerSegment());
    }

    private static int quorum(JobSpec spec) {
        return spec.verification().quorum();
    }

    /** What a provider stands to lose for a proven contradiction. */
    public static Amount bond(Amount price, MarketPolicy policy) {
        return price.mulDivCeil(policy.bondPercent(), 100);
    }

    /** What an auditor stands to lose: so many segments' cost that running one is worth more than guessing it. */
    public static Amount auditorBond(JobSpec spec, Amount wholePrice) {
        return wholePrice.mulDivCeil(auditorBondPercent(spec), 100);
    }

    /** The same, in percent of what a whole run costs. */
    public static int auditorBondPercent(JobSpec spec) {
        return Math.ceilDiv(100 * Planted.ONE_IN, spec.borders());
    }

    /** Seconds of one lease: taking the assignment, running it, uploading what it made. */
    public static long leaseSeconds(JobSpec spec, MarketPolicy policy) {
        return policy.acceptTimeout().toSeconds()
                + spec.deadlines().run()
                + spec.deadlines().upload();
    }

    /** Seconds from a run's last seal to the verdict: the draw, the checkpoints, an auditor's lease, its signature. */
    public static long auditSeconds(JobSpec spec, MarketPolicy policy) {
        return AuditBudget.of(spec).isEmpty()
                ? 0
                : policy.drawTimeout().toSeconds() + 2L * spec.deadlines().upload() + leaseSeconds(spec, policy);
    }

    /**
     * Seconds an order must live: for all its replicas one after the other, or for two runs with an audit each and what
     * a difference brings, with W after the last lease.
     */
    public static long orderSeconds(JobSpec spec, MarketPolicy policy) {
        long lease = leaseSeconds(spec, policy);
        long work = AuditBudget.of(spec).isEmpty()
                ? payableReplicas(quorum(spec)) * lease
                : 2 * (lease + auditSeconds(spec, policy)) + quorum(spec) * lease;
        return spec.deadlines().queue() + work + policy.windowSeconds();
    }

    /** Seconds below which an order cannot even hold one run and its audit. */
    public static long leastOrderSeconds(JobSpec spec, MarketPolicy policy) {
        return leaseSeconds(spec, policy) + auditSeconds(spec, policy) + policy.windowSeconds();
    }

    /** The last instant at which a run may be assigned so that its audit and W still fit before the deadline. */
    public static Instant latestAssignment(JobSpec spec, long orderDeadline, MarketPolicy policy) {
        return latestLease(spec, orderDeadline, policy).minusSeconds(auditSeconds(spec, policy));
    }

    /** The last instant at which anything may be assigned so that W still fits between its lease and the deadline. */
    public static Instant latestLease(JobSpec spec, long orderDeadline, MarketPolicy policy) {
        return Instant.ofEpochSecond(orderDeadline - policy.windowSeconds() - leaseSeconds(spec, policy));
    }

    /** The last instant at which segments may be drawn so that checkpoints, auditors and their verdicts still fit. */
    public static Instant latestDraw(JobSpec spec, long orderDeadline, MarketPolicy policy) {
        return latestCheckpoint(spec, orderDeadline, policy)
                .minusSeconds(spec.deadlines().upload());
    }

    /** The last instant at which a checkpoint may come so that auditors and their verdicts still fit. */
    public static Instant latestCheckpoint(JobSpec spec, long orderDeadline, MarketPolicy policy) {
        return latestLease(spec, orderDeadline, policy)
                .minusSeconds(spec.deadlines().upload());
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
        return quote(spec, run, builder, offers, PeopledClasses.NONE, policy, now);
    }

    /**
     * The same.
     *
     * @param classes that are open to who names none
     */
    public static PriceQuote quote(
            JobSpec spec,
            @Nullable RunEstimate run,
            Address builder,
            List<OfferView> offers,
            PeopledClasses classes,
            MarketPolicy policy,
            Instant now) {
        return new Quoting(spec, run, builder, offers, classes, policy, now).quote();
    }

    /**
     * Below this a maximum has nobody work for it, now or once those who are busy are free again: to wait is then of no use.
     * In a full market that is less than what a quote names, which is what one would have to pay to begin at once.
     */
    public static Amount leastMaximum(
            JobSpec spec,
            @Nullable RunEstimate run,
            Address builder,
            List<OfferView> offers,
            PeopledClasses classes,
            MarketPolicy policy,
            Instant now) {
        var present = quote(spec, run, builder, offers, classes, policy, now).maximum();
        if (spec.price().max().covers(present)) {
            return present;
        }
        var idle = offers.stream().map(view -> idle(spec, view)).toList();
        var later = quote(spec, run, builder, idle, classes, policy, now).maximum();
        return present.covers(later) ? later : present;
    }

    /** What its attempts hold of its owner's stake is not known, so it counts as enough for one more. */
    private static OfferView idle(JobSpec spec, OfferView view) {
        if (view.usedSlots() == 0) {
            return view;
        }
        var price = attempt(spec, view.offer());
        var enough = price.times(1L + Math.max(1, Planted.ONE_IN));
        return view.using(0, 0).staked(view.freeStake().covers(enough) ? view.freeStake() : enough);
    }
}
