package io.perigee.market.matching;

import io.perigee.market.kind.WorkKinds;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Why a provider got the work it got, of the jobs of some time.
 *
 * @param seen jobs that were looked at while it was online
 * @param lost for each constraint, how many jobs it lost; "price" when only others were cheaper
 * @param atPrice empty when no other price alone would have brought a job
 */
public record Why(int seen, int matched, Map<String, Integer> lost, Optional<AtPrice> atPrice) {
    private static final String DEARER = "price";

    public Why {
        lost = Map.copyOf(lost);
    }

    /** A decision, beside the offer of the provider that asks. */
    public record Seen(OfferView view, PlacementRequest request, JobSpec spec, Outcome outcome) {}

    /**
     * What was decided.
     *
     * @param winners cheapest first; empty when the job found nobody
     */
    public record Outcome(Digest numericClass, List<Winner> winners) {
        public static final Outcome NOBODY = new Outcome(Digest.ZERO, List.of());

        public Outcome {
            winners = List.copyOf(winners);
        }

        static Outcome of(Match match, JobSpec spec) {
            var tariff = WorkKinds.of(spec).tariff(spec);
            return switch (match) {
                case Match.Found found ->
                    new Outcome(
                            found.numericClass(),
                            found.picks().stream()
                                    .map(pick -> new Winner(
                                            pick.view().provider(),
                                            pick.view().owner(),
                                            tariff.price(pick.view().offer()),
                                            pick.view().reliability()))
                                    .toList());
                case Match.None _ -> NOBODY;
            };
        }
    }

    /** @param price for as much of the work as an offer's price is for */
    public record Winner(ProviderId provider, Address owner, Amount price, int reliability) {}

    /** The price that would have earned most, and how many more jobs it would have matched, each by itself. */
    public record AtPrice(Amount price, int jobs) {}

    /** Of one provider. */
    public static Why of(ProviderId provider, List<Seen> decisions) {
        var lost = new TreeMap<String, Integer>();
        decisions.stream()
                .filter(seen -> !isMatched(provider, seen))
                .flatMap(Why::reasons)
                .forEach(reason -> lost.merge(reason, 1, Integer::sum));
        int matched = (int)
                decisions.stream().filter(seen -> isMatched(provider, seen)).count();
        var prices = decisions.stream()
                .filter(seen -> !isMatched(provider, seen))
                .flatMap(seen -> priceThatMatches(seen).stream())
                .toList();
        return new Why(decisions.size(), matched, lost, best(prices));
    }

    private static boolean isMatched(ProviderId provider, Seen seen) {
        return seen.outcome().winners().stream()
                .anyMatch(winner -> winner.provider().equals(provider));
    }

    private static Stream<String> reasons(Seen seen) {
        var broken = Stream.of(Constraint.values())
                .filter(constraint -> !constraint.keeps(seen.view(), seen.spec(), seen.request()))
                .map(Constraint::path)
                .toList();
        return broken.isEmpty() && !seen.outcome().winners().isEmpty() ? Stream.of(DEARER) : broken.stream();
    }

    /** Below this an offer that only was too dear would have been chosen: instead of its owner's other one, or the last. */
    private static Optional<Amount> priceThatMatches(Seen seen) {
        var outcome = seen.outcome();
        if (outcome.winners().isEmpty()
                || seen.request().demand().among(seen.view().offer()).noneMatch(outcome.numericClass()::equals)
                || !isOnlyTooDear(seen)) {
            return Optional.empty();
        }
        var beaten = outcome.winners().stream()
                .filter(winner -> winner.owner().equals(seen.view().owner()))
                .findFirst()
                .orElse(outcome.winners().getLast());
        var tariff = WorkKinds.of(seen.spec()).tariff(seen.spec());
        var payable = new Amount(Need.highestPrice(seen.request(), tariff));
        return below(ExpectedRate.of(beaten.price().value(), beaten.reliability()), seen.view())
                .map(price -> price.compareTo(payable) > 0 ? payable : price);
    }

    private static boolean isOnlyTooDear(Seen seen) {
        return Stream.of(Constraint.values())
                .allMatch(constraint ->
                        constraint == Constraint.PRICE || constraint.keeps(seen.view(), seen.spec(), seen.request()));
    }

    private static Optional<Amount> below(double rate, OfferView view) {
        if (ExpectedRate.of(BigInteger.ZERO, view.reliability()) >= rate) {
            return Optional.empty();
        }
        var bound = new BigDecimal(rate)
                .multiply(BigDecimal.valueOf(view.reliability()))
                .divide(BigDecimal.valueOf(OfferView.RELIABLE), 0, RoundingMode.CEILING)
                .toBigInteger()
                .subtract(BigInteger.ONE);
        return bound.signum() < 0 ? Optional.empty() : Optional.of(new Amount(bound));
    }

    private static Optional<AtPrice> best(List<Amount> prices) {
        return prices.stream()
                .distinct()
                .map(price -> new AtPrice(price, (int)
                        prices.stream().filter(other -> other.covers(price)).count()))
                .max(Comparator.<AtPrice, Amount>comparing(each -> each.price().times(each.jobs()))
                        .thenComparing(AtPrice::price));
    }
}
