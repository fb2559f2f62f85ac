package io.perigee.market.matching;

import io.perigee.market.estimate.Gigabytes;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Match.Pick;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.pricing.Tariff;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of matching: among all offers that keep every constraint, the set of distinct owners in one numeric class
 * with the lowest {@link ExpectedRate}s; equals are chosen by {@link Turn}. It looks at every offer; {@link OfferIndex}
 * gives the same answers faster and is checked against it.
 */
public final class Matcher {
    private Matcher() {}

    /** Chooses, or says for each constraint how many offers it lost. */
    public static Match match(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var eligible = offers.stream()
                .filter(view -> Constraint.allKept(view, spec, request))
                .toList();
        return choice(request, spec, eligible, offers, null)
                .<Match>map(found -> found)
                .orElseGet(() -> new Match.None(reasons(request, spec, offers, eligible)));
    }

    /** What would be chosen if one constraint were not there. */
    static Optional<Match.Found> without(
            Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return choice(
                request,
                spec,
                offers.stream()
                        .filter(view -> Constraint.allKept(view, spec, request, constraint))
                        .toList(),
                offers,
                constraint);
    }

    private static Optional<Match.Found> choice(
            PlacementRequest request,
            JobSpec spec,
            List<OfferView> eligible,
            List<OfferView> offers,
            @Nullable Constraint except) {
        var classes = classes(request.demand(), eligible).stream()
                .map(numericClass -> members(numericClass, request, spec, eligible))
                .filter(its -> its.onePerOwner().size() >= request.count())
                .toList();
        return switch (request.selection()) {
            case CHEAPEST ->
                cheapest(
                        request,
                        spec,
                        classes.stream()
                                .map(its -> found(its, its.onePerOwner().subList(0, request.count()), spec))
                                .filter(found -> StandingBy.enough(request, spec, found, offers.stream(), except)));
            case BY_STAKE -> drawn(request, spec, classes, offers, except);
            case BY_STAKE_IN_CHEAPEST_CLASS ->
                cheapest(
                        request,
                        spec,
                        classes.stream()
                                .map(its -> found(its, StakeDraw.inClass(its, request), spec))
                                .filter(found -> StandingBy.enough(request, spec, found, offers.stream(), except)));
        };
    }

    private static Optional<Match.Found> cheapest(
            PlacementRequest request, JobSpec spec, Stream<Match.Found> inEachClass) {
        var tariff = WorkKinds.of(spec).tariff(spec);
        return inEachClass.min(Comparator.<Match.Found>comparingDouble(found -> total(found, tariff))
                .thenComparing(found -> turn(found.numericClass().bytes(), request), Long::compareUnsigned)
                .thenComparing(Match.Found::numericClass));
    }

    private static Optional<Match.Found> drawn(
            PlacementRequest request,
            JobSpec spec,
            List<Members> classes,
            List<OfferView> offers,
            @Nullable Constraint except) {
        var standby = request.standby();
        return StakeDraw.of(
                        request,
                        classes,
                        its -> standby == null
                                ? Set.of()
                                : StandingBy.owners(
                                        request, standby, spec, its.numericClass(), offers.stream(), except))
                .map(drawn -> found(drawn.its(), drawn.chosen(), spec));
    }

    private static Match.Found found(Members its, List<OfferView> chosen, JobSpec spec) {
        return new Match.Found(
                its.numericClass(),
                chosen.stream()
                        .map(view -> new Pick(view, Pricing.attempt(spec, view.offer())))
                        .toList());
    }

    /** Every offer that keeps every constraint, cheapest first. */
    public static List<OfferView> candidates(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return offers.stream()
                .filter(view -> Constraint.allKept(view, spec, request))
                .sorted(cheapestFirst(spec, request))
                .toList();
    }

    /** The dearest of those that were chosen and of the cheapest that stand by: the lowest ceiling that would do. */
    public static Amount highestPrice(
            PlacementRequest request, JobSpec spec, Match.Found found, List<OfferView> offers) {
        return StandingBy.cheapest(request, spec, found, offers, null).stream()
                .map(view -> Pricing.attempt(spec, view.offer()))
                .max(Comparator.naturalOrder())
                .filter(price -> price.compareTo(found.highestPrice()) > 0)
                .orElse(found.highestPrice());
    }

    private static SortedSet<Digest> classes(ClassDemand demand, List<OfferView> eligible) {
        return eligible.stream()
                .flatMap(view -> demand.among(view.offer()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Members members(
            Digest numericClass, PlacementRequest request, JobSpec spec, List<OfferView> eligible) {
        var owners = new HashSet<Address>();
        return new Members(
                numericClass,
                eligible.stream()
                        .filter(view -> request.demand().among(view.offer()).anyMatch(numericClass::equals))
                        .sorted(cheapestFirst(spec, request))
                        .filter(view -> owners.add(view.owner()))
                        .toList());
    }

    private static Comparator<OfferView> cheapestFirst(JobSpec spec, PlacementRequest request) {
        var tariff = WorkKinds.of(spec).tariff(spec);
        return Comparator.<OfferView>comparingDouble(view -> ExpectedRate.of(view, tariff))
                .thenComparing(view -> turn(view.provider().bytes(), request), Long::compareUnsigned)
                .thenComparing(view -> view.provider().value());
    }

    private static double total(Match.Found found, Tariff tariff) {
        return found.picks().stream()
                .mapToDouble(pick -> ExpectedRate.of(pick.view(), tariff))
                .reduce(0, Double::sum);
    }

    static long turn(byte[] name, PlacementRequest request) {
        return Turn.of(Turn.lot(name), Turn.start(request.seed()));
    }

    static List<NoMatchReason> reasons(
            PlacementRequest request, JobSpec spec, List<OfferView> offers, List<OfferView> eligible) {
        var reasons = new ArrayList<NoMatchReason>();
        for (var constraint : Constraint.values()) {
            int lost = (int) offers.stream()
                    .filter(view -> !constraint.keeps(view, spec, request))
                    .count();
            if (lost > 0) {
                var words = "%d of %d offers %s".formatted(lost, offers.size(), constraint.words());
                reasons.add(
                        new NoMatchReason(constraint.path(), lost, words + more(constraint, request, spec, offers)));
            }
        }
        var standby = request.standby();
        if (standby != null
                && choice(request.alone(), spec, eligible, offers, null).isPresent()) {
            reasons.add(StandingBy.reason(request, standby, spec, offers));
            return reasons;
        }
        var owners = eligible.stream().map(OfferView::owner).distinct().count();
        reasons.add(new NoMatchReason(
                "verification.replicas",
                offers.size() - eligible.size(),
                "Expected %d providers of distinct owners in one numeric class, but %d of %d offers fit, of %d owners"
                        .formatted(request.count(), eligible.size(), offers.size(), owners)));
        return reasons;
    }

    private static String more(Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        if (constraint == Constraint.ESTIMATE) {
            return need(request, spec, offers);
        }
        return constraint == Constraint.NUMERIC_CLASS ? peopled(request) : "";
    }

    /** Which classes are open to it, where not all of its image are. */
    private static String peopled(PlacementRequest request) {
        var peopled = request.demand().peopled();
        return peopled.isEmpty()
                ? ""
                : "; where none is named only those that %d owners stand behind are taken: %s"
                        .formatted(
                                Population.OWNERS,
                                peopled.stream().map(Digest::value).sorted().collect(Collectors.joining(", ")));
    }

    /** How much a run needs, and where nobody has it, what would fit. */
    private static String need(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var run = request.estimate();
        if (run == null) {
            return "";
        }
        var fits = LargestFit.of(request, spec, offers)
                .map(largest -> "; " + LargestFit.words(largest, run.train()))
                .orElse("");
        return ": " + Gigabytes.needed(run.required()) + fits;
    }
}
