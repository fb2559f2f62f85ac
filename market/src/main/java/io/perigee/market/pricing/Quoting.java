package io.perigee.market.pricing;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.PeopledClasses;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One quote, as it is made. */
final class Quoting {
    private static final Amount UNBOUNDED = new Amount(BigInteger.TWO.pow(200));

    private final JobSpec spec;
    private final @Nullable RunEstimate run;
    private final Address builder;
    private final List<OfferView> offers;
    private final PeopledClasses classes;
    private final MarketPolicy policy;
    private final Instant now;
    private final List<String> warnings = new ArrayList<>();

    Quoting(
            JobSpec spec,
            @Nullable RunEstimate run,
            Address builder,
            List<OfferView> offers,
            PeopledClasses classes,
            MarketPolicy policy,
            Instant now) {
        this.spec = spec;
        this.run = run;
        this.builder = builder;
        this.offers = offers;
        this.classes = classes;
        this.policy = policy;
        this.now = now;
    }

    PriceQuote quote() {
        var seconds = seconds();
        return audited() ? audited(seconds) : replicated(seconds);
    }

    /**
     * What would do for an audited run now.
     *
     * @param price the dearest of the cheapest that could run it and of those that could audit that
     */
    private record Offered(AuditDeal deal, PlacementRequest request, Amount price) {
        Amount maximum() {
            return deal.budget().maximum(price);
        }
    }

    /** The same requests as matching makes: for each number of owners that stand by, what a run may cost. */
    private PriceQuote audited(long seconds) {
        var deals = AuditDeal.of(spec);
        var asked = deals.stream()
                .map(deal -> request(deal, deal.budget().runCeiling(spec.price().max())))
                .toList();
        var estimate =
                estimate(request(1 + deals.getLast().owners(), asked.getFirst().attemptCeiling()));
        var cheapest = deals.stream()
                .map(deal -> offered(deal, request(deal, UNBOUNDED)))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Offered::maximum));
        List<NoMatchReason> reasons =
                switch (PlacementRequest.best(asked, request -> Matcher.match(request, spec, offers))) {
                    case Match.Found _ -> List.of();
                    case Match.None none -> none.reasons();
                };
        if (cheapest.isEmpty()) {
            var most = asked.getFirst();
            warnings.add(nobody(1 + deals.getLast().owners()));
            return priced(
                    most,
                    seconds,
                    most.attemptCeiling(),
                    deals.getFirst().budget().maximum(most.attemptCeiling()),
                    estimate,
                    reasons);
        }
        var offered = cheapest.get();
        if (!reasons.isEmpty()) {
            warnings.add(tooLow(offered.price(), offered.maximum()));
        }
        if (!offered.deal().equals(deals.getFirst())) {
            warnings.add(few(deals.getFirst(), offered));
        }
        return priced(
                reasons.isEmpty() ? asked.getFirst() : offered.request(),
                seconds,
                offered.price(),
                offered.maximum(),
                estimate,
                reasons);
    }

    private Optional<Offered> offered(AuditDeal deal, PlacementRequest request) {
        return Matcher.match(request, spec, offers) instanceof Match.Found found
                ? Optional.of(new Offered(deal, request, Matcher.highestPrice(request, spec, found, offers)))
                : Optional.empty();
    }

    private String few(AuditDeal most, Offered offered) {
        return "Expected %d owners beside the one that runs it to be able to audit it, a drawn segment each, but they are fewer: with %d each audits a stretch, and price.max has to cover %s and not %s"
                .formatted(
                        most.owners(),
                        offered.deal().owners(),
                        offered.maximum(),
                        most.budget().maximum(offered.price()));
    }

    private static String nobody(int owners) {
        return "Expected %d providers of distinct owners, but none fit now; the job would wait in the queue"
                .formatted(owners);
    }

    private PriceQuote replicated(long seconds) {
        var request = request(spec.verification().replicas(), Pricing.attemptCeiling(spec));
        var estimate = estimate(request);
        return switch (Matcher.match(request, spec, offers)) {
            case Match.Found found -> priced(request, seconds, found.highestPrice(), estimate, List.of());
            case Match.None none -> {
                var unbounded = request(request.count(), UNBOUNDED);
                if (Matcher.match(unbounded, spec, offers) instanceof Match.Found found) {
                    warnings.add(tooLow(found.highestPrice(), Pricing.maximum(spec, found.highestPrice())));
                    yield priced(unbounded, seconds, found.highestPrice(), estimate, none.reasons());
                }
                warnings.add(nobody(request.count()));
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

    private String tooLow(Amount price, Amount maximum) {
        return "Expected price.max to cover %s, but it is %s; raise it to %s"
                .formatted(
                        audited()
                                ? "one run of %s and its audits".formatted(price)
                                : "%d prices of %s".formatted(Pricing.payableReplicas(quorum()), price),
                        spec.price().max(),
                        maximum);
    }

    private boolean audited() {
        return AuditBudget.of(spec).isPresent();
    }

    private int quorum() {
        return spec.verification().quorum();
    }

    private PlacementRequest request(AuditDeal deal, Amount ceiling) {
        return request(1, ceiling)
                .standby(new PlacementRequest.Standby(deal.owners(), Pricing.auditorBondPercent(spec)));
    }

    private PlacementRequest request(int count, Amount ceiling) {
        Set<Address> excluded = new HashSet<>(spec.placement().excludeOwners());
        excluded.add(builder);
        return new PlacementRequest(
                count,
                excluded,
                classes.narrowed(WorkKinds.of(spec).classDemand(spec)),
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
        return priced(request, seconds, price, Pricing.maximum(spec, price), estimate, reasons);
    }

    private PriceQuote priced(
            PlacementRequest request,
            long seconds,
            Amount price,
            Amount maximum,
            @Nullable Estimate estimate,
            List<NoMatchReason> reasons) {
        return new PriceQuote(
                spec.borders(),
                spec.units(),
                audited() ? 1 : spec.verification().replicas(),
                quorum(),
                price,
                maximum,
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
