package io.perigee.api.job;

import io.perigee.api.artifact.BaseShapes;
import io.perigee.api.artifact.Bases;
import io.perigee.api.persistence.Aside;
import io.perigee.api.problem.Refused;
import io.perigee.api.provider.KnownOffers;
import io.perigee.api.provider.OfferBook;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Why;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.rest.ProviderWhy;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells an owner why its provider got the work it got. Of other builders' jobs it says only how many. */
@Singleton
public final class ProviderReasons {
    private static final Duration LATELY = Duration.ofHours(24);
    private static final Duration READING = Duration.ofSeconds(3);

    private final OfferBook offers;
    private final MarketHistory history;
    private final Explanations explanations;
    private final Bases bases;
    private final Clock clock;

    ProviderReasons(OfferBook offers, MarketHistory history, Explanations explanations, Bases bases, Clock clock) {
        this.offers = offers;
        this.history = history;
        this.explanations = explanations;
        this.bases = bases;
        this.clock = clock;
    }

    /** Of a provider of this owner. */
    public Uni<ProviderWhy> why(Address owner, ProviderId provider) {
        var since = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(LATELY);
        return offers.find(provider).chain(found -> {
            if (found.filter(view -> view.owner().equals(owner)).isEmpty()) {
                throw new Refused(
                        ErrorCode.NOT_FOUND,
                        "Expected to find provider '%s', but there is none of yours".formatted(provider));
            }
            return history.decided(since).chain(decided -> offers.live(
                            decided.stream().map(MarketHistory.Decided::spec).toList())
                    .chain(known -> offers.live(provider).chain(view -> history.held(provider, since.minus(LATELY))
                            .chain(held ->
                                    Aside.of(() -> new Look(known, held).why(provider, view, decided, since))))));
        });
    }

    /** At what was decided, with what the provider had to do then. Blocks where a base is not known yet. */
    private final class Look {
        private final KnownOffers known;
        private final List<MarketHistory.Held> held;
        private final BaseShapes shapes = new BaseShapes(bases, READING);

        Look(KnownOffers known, List<MarketHistory.Held> held) {
            this.known = known;
            this.held = held;
        }

        ProviderWhy why(
                ProviderId provider, Optional<OfferView> view, List<MarketHistory.Decided> decided, Instant since) {
            var seen = view.stream()
                    .flatMap(offer -> decided.stream().map(job -> seen(known.forJob(offer, job.spec()), job)))
                    .toList();
            var why = Why.of(provider, seen);
            return new ProviderWhy(
                    provider,
                    view.isPresent(),
                    why.seen(),
                    why.matched(),
                    why.lost().entrySet().stream()
                            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(lost -> new ProviderWhy.Lost(lost.getKey(), lost.getValue()))
                            .toList(),
                    why.atPrice()
                            .map(at -> new ProviderWhy.AtPrice(at.price(), per(at.per()), at.jobs()))
                            .orElse(null),
                    since,
                    decided.size() < MarketHistory.JOBS);
        }

        private Why.Seen seen(OfferView offer, MarketHistory.Decided job) {
            var first = job.assignments().getFirst();
            var tariff = WorkKinds.of(job.spec()).tariff(job.spec());
            var winners = job.assignments().stream()
                    .map(assignment -> winner(assignment, tariff))
                    .sorted(Comparator.comparing(Why.Winner::price))
                    .toList();
            var request = explanations.request(
                    job.builder(),
                    job.spec(),
                    job.order(),
                    winners.size(),
                    Set.of(),
                    known.classes().narrowed(WorkKinds.of(job.spec()).classDemand(job.spec())),
                    run(job.spec()),
                    Instant.ofEpochSecond(first.issuedAt()));
            return new Why.Seen(
                    using(offer, request.issuedAt()),
                    request,
                    job.spec(),
                    new Why.Outcome(first.numericClass(), winners));
        }

        private OfferView using(OfferView offer, Instant at) {
            var then = held.stream().filter(each -> each.at(at)).toList();
            return offer.using(
                    then.size(),
                    then.stream().mapToInt(MarketHistory.Held::gpus).sum());
        }

        /** Nothing is said of the need of a run whose base takes too long to read. */
        private @Nullable RunEstimate run(JobSpec spec) {
            try {
                return RunEstimate.of(shapes.of(spec), spec).orElse(null);
            } catch (Refused late) {
                return null;
            }
        }
    }

    private static ProviderWhy.PricePer per(Why.Per per) {
        return switch (per) {
            case MILLION_TOKENS -> ProviderWhy.PricePer.MILLION_TOKENS;
            case HOUR -> ProviderWhy.PricePer.HOUR;
        };
    }

    /** What it asked for as much as prices are for, rounded down: it asked no less than a unit more or less. */
    private static Why.Winner winner(Assignment assignment, Tariff tariff) {
        var price =
                tariff.count() == 0 ? assignment.price() : assignment.price().mulDivFloor(tariff.per(), tariff.count());
        return new Why.Winner(assignment.provider(), assignment.owner(), price, OfferView.RELIABLE);
    }
}
