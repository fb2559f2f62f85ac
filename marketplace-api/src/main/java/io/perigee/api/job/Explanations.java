package io.perigee.api.job;

import io.perigee.api.artifact.Bases;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Aside;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Explanation;
import io.perigee.market.matching.Match;
import io.perigee.market.matching.Matcher;
import io.perigee.market.matching.Openings;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.pricing.AuditDeal;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says why a job waits. The scheduler decides; this is its rule, asked against the offers that are live here. */
@Singleton
public final class Explanations {
    private static final Duration OBSERVED = Duration.ofHours(24);

    private final HubFacts hub;
    private final OfferBook offers;
    private final MarketHistory history;
    private final Bases bases;
    private final Clock clock;

    Explanations(HubFacts hub, OfferBook offers, MarketHistory history, Bases bases, Clock clock) {
        this.hub = hub;
        this.offers = offers;
        this.history = history;
        this.bases = bases;
        this.clock = clock;
    }

    Uni<JobExplanation> explain(JobView job) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var lacking = Lacking.of(job);
        if (lacking.count() == 0) {
            return Uni.createFrom()
                    .item(new JobExplanation(job.id(), job.state(), 0, List.of(), null, null, 0, 0, now));
        }
        return bases.shape(job.spec())
                .map(base -> RunEstimate.of(base.orElse(null), job.spec()).orElse(null))
                .chain(run -> offers.live(List.of(job.spec())).chain(known -> history.freed(now.minus(OBSERVED))
                        .chain(freed -> Aside.of(
                                () -> explain(job, requests(job, lacking, run, known, now), known, freed, now)))));
    }

    private JobExplanation explain(
            JobView job, List<PlacementRequest> requests, KnownOffers known, MarketHistory.Freed freed, Instant now) {
        var live = known.forJob(job.spec());
        var observed = Duration.between(freed.since(), now);
        var request = requests.stream()
                .filter(each -> Matcher.match(each, job.spec(), live) instanceof Match.Found)
                .findFirst()
                .orElse(requests.getLast());
        var found = Explanation.of(request, job.spec(), live, new Openings(freed.providers(), observed));
        return new JobExplanation(
                job.id(),
                job.state(),
                request.count(),
                found.reasons(),
                found.relaxation()
                        .map(each -> new JobExplanation.Relaxation(
                                each.constraint(), enough(each, job, request, known, now), each.total()))
                        .orElse(null),
                found.expectedWait().map(Duration::toSeconds).orElse(null),
                freed.providers().size(),
                observed.toSeconds(),
                now);
    }

    /** Who audits may ask more than who runs, and few of them run more: the maximum that covers it is the quote's. */
    private String enough(
            Explanation.Relaxation relaxation, JobView job, PlacementRequest request, KnownOffers known, Instant now) {
        return isAudited(job.spec()) && relaxation.constraint().equals("price.max")
                ? Pricing.quote(
                                job.spec(),
                                request.estimate(),
                                job.builder(),
                                known.forJob(job.spec()),
                                known.classes(),
                                hub.policy(),
                                now)
                        .maximum()
                        .toString()
                : relaxation.enough();
    }

    private static boolean isAudited(JobSpec spec) {
        return spec.verification().policy() != VerificationPolicy.REPLICATE;
    }

    /** What does, the best first, as matching asks for it. */
    private List<PlacementRequest> requests(
            JobView job, Lacking lacking, @Nullable RunEstimate run, KnownOffers known, Instant now) {
        var excluded = new HashSet<Address>();
        job.attempts().stream().map(AttemptView::owner).forEach(excluded::add);
        int bondPercent = lacking.auditors() > 0
                ? Pricing.auditorBondPercent(job.spec())
                : hub.policy().bondPercent();
        var request = request(
                job.builder(),
                job.spec(),
                job.order(),
                lacking.count(),
                excluded,
                known.classes().narrowed(demand(job)),
                run,
                bondPercent,
                now);
        return isAudited(job.spec()) && lacking.auditors() == 0
                ? AuditDeal.of(job.spec()).stream()
                        .map(deal -> request.costing(deal.budget()
                                        .runCeiling(job.spec().price().max()))
                                .standby(new PlacementRequest.Standby(
                                        deal.owners(), Pricing.auditorBondPercent(job.spec()))))
                        .toList()
                : List.of(request);
    }

    /** Replicas stay in the class of those that run. */
    private static ClassDemand demand(JobView job) {
        return job.attempts().stream()
                .filter(Lacking::isOpen)
                .map(AttemptView::numericClass)
                .findFirst()
                .<ClassDemand>map(its -> its.isZero() ? new ClassDemand.Unclassed() : new ClassDemand.Fixed(its))
                .orElseGet(() -> WorkKinds.of(job.spec()).classDemand(job.spec()));
    }

    /** What a job asks of matching. */
    PlacementRequest request(
            Address builder,
            JobSpec spec,
            JobOrder order,
            int count,
            Set<Address> tried,
            ClassDemand demand,
            @Nullable RunEstimate run,
            Instant now) {
        return request(
                builder, spec, order, count, tried, demand, run, hub.policy().bondPercent(), now);
    }

    private PlacementRequest request(
            Address builder,
            JobSpec spec,
            JobOrder order,
            int count,
            Set<Address> tried,
            ClassDemand demand,
            @Nullable RunEstimate run,
            int bondPercent,
            Instant now) {
        var excluded = new HashSet<>(tried);
        excluded.addAll(spec.placement().excludeOwners());
        excluded.add(builder);
        var policy = hub.policy();
        return new PlacementRequest(
                count,
                excluded,
                demand,
                run,
                PlacementRequest.Selection.CHEAPEST,
                isAudited(spec)
                        ? Pricing.attemptCeiling(spec)
                        : Pricing.attemptCeiling(order.maxPayment(), order.quorum()),
                bondPercent,
                now,
                now.plusSeconds(Pricing.leaseSeconds(spec, policy)),
                Digest.ZERO);
    }
}
