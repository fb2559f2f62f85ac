package io.perigee.market.matching;

import io.perigee.market.kind.WorkKinds;
import io.perigee.market.pricing.Tariff;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a provider got the work it got, of the jobs of some time.
 *
 * @param seen jobs that were looked at while it was online
 * @param lost for each constraint, how many jobs it lost; "price" when only others were cheaper, "busy" when it only had
 *     other work
 * @param atPrice empty when no other price alone would have brought a job
 */
public record Why(int seen, int matched, Map<String, Integer> lost, Optional<AtPrice> atPrice) {
    private static final String DEARER = "price";
    private static final String BUSY = "busy";

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

    /**
     * The price that would have earned most, and how many more jobs it would have matched, each by itself.
     *
     * @param per what it is the price of: the jobs are those that are paid by that
     */
    public record AtPrice(Amount price, Per per, int jobs) {}

    /** What prices are for: an offer asks one for each. */
    public enum Per {
        MILLION_TOKENS,
        HOUR;

        static Per of(Tariff tariff) {
            return switch (tariff) {
                case Tariff.Tokens _ -> MILLION_TOKENS;
                case Tariff.Seconds _ -> HOUR;
            };
        }
    }

    /** A price that would have matched a job of a tariff. */
    private record Wish(Tariff tariff, Amount price) {
        Amount earned(Amount price) {
            return price.mulDivFloor(tariff.count(), tariff.per());
        }
    }

    /** Of one provider. */
    public static Why of(ProviderId provider, List<Seen> decisions) {
        var lost = new TreeMap<String, Integer>();
        decisions.stream()
                .filter(seen -> !isMatched(provider, seen))
                .flatMap(Why::reasons)
                .forEach(reason -> lost.merge(reason, 1, Integer::sum));
        int matched = (int)
                decisions.stream().filter(seen -> isMatched(provider, seen)).count();
        var wishes = decisions.stream()
                .filter(seen -> !isMatched(provider, seen))
                .flatMap(seen ->
                        priceThatMatches(seen)
                                .map(price -> new Wish(WorkKinds.of(seen.spec()).tariff(seen.spec()), price))
                                .stream())
                .collect(Collectors.groupingBy(wish -> Per.of(wish.tariff()), TreeMap::new, Collectors.toList()));
        return new Why(decisions.size(), matched, lost, best(wishes));
    }

    private static boolean isMatched(ProviderId provider, Seen seen) {
        return seen.outcome().winners().stream()
                .anyMatch(winner -> winner.provider().equals(provider));
    }

    private static Stream<String> reasons(Seen seen) {
        var broken = Stream.of(Constraint.values())
                .filter(constraint -> !constraint.keeps(seen.view(), seen.spec(), seen.request()))
                .map(constraint -> isBusy(constraint, seen) ? BUSY : constraint.path())
                .distinct()
                .toList();
        return broken.isEmpty() && !seen.outcome().winners().isEmpty() ? Stream.of(DEARER) : broken.stream();
    }

    private static boolean isBusy(Constraint constraint, Seen seen) {
        return constraint.keeps(seen.view().using(0, 0), seen.spec(), seen.request());
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

    /** What is earned is compared, since prices of different things cannot be. */
    private static Optional<AtPrice> best(Map<Per, List<Wish>> wishes) {
        return wishes.entrySet().stream()
                .flatMap(kind -> kind.getValue().stream()
                        .map(Wish::price)
                        .distinct()
                        .map(price -> earning(price, kind.getKey(), kind.getValue())))
                .max(Comparator.comparing(Earning::earned)
                        .thenComparing(each -> each.at().price()))
                .map(Earning::at);
    }

    private record Earning(AtPrice at, Amount earned) {}

    private static Earning earning(Amount price, Per per, List<Wish> wishes) {
        var matched = wishes.stream().filter(wish -> wish.price().covers(price)).toList();
        return new Earning(
                new AtPrice(price, per, matched.size()),
                matched.stream().map(wish -> wish.earned(price)).reduce(Amount.ZERO, Amount::plus));
    }
}
