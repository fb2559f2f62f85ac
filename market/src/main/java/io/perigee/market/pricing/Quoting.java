package io.perigee.market.pricing;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One quote, as it is made. */
final class Quoting {
    private static final Amount UNBOUNDED = new Amount(BigInteger.TWO.pow(200));

    private final JobSpec spec;
    private final @Nullable RunEstimate run;
    private final Address builder;
    private final List<OfferView> offers;
    private final MarketPolicy policy;
    private final Instant now;
    private final List<String> warnings = new ArrayList<>();

    Quoting(
            JobSpec spec,
            @Nullable RunEstimate run,
            Address builder,
            List<OfferView> offers,
            MarketPolicy policy,
            Instant now) {
        this.spec = spec;
        this.run = run;
        this.builder = builder;
        this.offers = offers;
        this.policy = policy;
        this.now = now;
    }

    PriceQuote quote() {
        var seconds = seconds();
        var request = request(Pricing.attemptCeiling(spec));
        var estimate = estimate(request);
        return switch (Matcher.match(request, spec, offers)) {
            case Match.Found found -> priced(request, seconds, found.highestPrice(), estimate, List.of());
            case Match.None none -> {
                var unbounded = request(UNBOUNDED);
                if (Matcher.match(unbounded, spec, offers) instanceof Match.Found found) {
                    warnings.add(tooLow(found.highestPrice()));
                    yield priced(unbounded, seconds, found.highestPrice(), estimate, none.reasons());
                }
                warnings.add(
                        "Expected %d providers of distinct owners, but none fit now; the job would wait in the queue"
                                .formatted(request.count()));
                yield priced(request, seconds, request.attemptCeiling(), estimate, none.reasons());
            }
        };
    }

    /** Of the order's life. */
    private long seconds() {
        var wanted = Pricing.orderSeconds(spec, policy);
        var seconds = Math.min(wanted, policy.maxOrderSeconds());
        if (wanted > seconds) {
            warnings.add(
                    "Expected the order to live %d s for every replica one after the other, but this escrow allows %d s; fewer replacements will fit"
                            .formatted(wanted, seconds));
        }
        var least = Pricing.leastOrderSeconds(spec, policy);
        if (least > seconds) {
            warnings.add(
                    "Expected one run to fit into the longest order, but deadlines.run and deadlines.upload need %d s and this escrow allows %d s"
                            .formatted(least, seconds));
        }
        return seconds;
    }

    private @Nullable Estimate estimate(PlacementRequest request) {
        if (run == null) {
            return null;
        }
        var estimate = RunOutlook.estimate(run, request, offers);
        warnings.addAll(RunOutlook.warnings(run, estimate));
        return estimate;
    }

    private String tooLow(Amount price) {
        return "Expected price.max to cover %s, but it is %s; raise it to %s"
                .formatted(
                        audited()
                                ? "one run of %s and its audits".formatted(price)
                                : "%d prices of %s".formatted(Pricing.payableReplicas(quorum()), price),
                        spec.price().max(),
                        Pricing.maximum(spec, price));
    }

    private boolean audited() {
        return AuditBudget.of(spec).isPresent();
    }

    /** That must be there: all replicas, or the one that runs it and the fewest that can vouch for it. */
    private int owners() {
        return audited() ? 1 + quorum() : spec.verification().replicas();
    }

    private int quorum() {
        return spec.verification().quorum();
    }

    private PlacementRequest request(Amount ceiling) {
        Set<Address> excluded = new HashSet<>(spec.placement().excludeOwners());
        excluded.add(builder);
        return new PlacementRequest(
                owners(),
                excluded,
                WorkKinds.of(spec).classDemand(spec),
                run,
                PlacementRequest.Selection.CHEAPEST,
                ceiling,
                policy.bondPercent(),
                now,
                now.plusSeconds(Pricing.leaseSeconds(spec, policy)),
                Digest.ZERO);
    }

    private PriceQuote priced(
            PlacementRequest request,
            long seconds,
            Amount price,
            @Nullable Estimate estimate,
            List<NoMatchReason> reasons) {
        return new PriceQuote(
                spec.borders(),
                spec.units(),
                audited() ? 1 : spec.verification().replicas(),
                quorum(),
                price,
                Pricing.maximum(spec, price),
                seconds,
                Matcher.candidates(request, spec, offers).stream()
                        .map(view -> candidate(view, request))
                        .toList(),
                estimate,
                reasons,
                warnings);
    }

    private Candidate candidate(OfferView view, PlacementRequest request) {
        return new Candidate(
                view.provider(),
                view.owner(),
                Pricing.attempt(spec, view.offer()),
                run == null ? null : RunOutlook.seconds(run, request, view.offer()));
    }
}
