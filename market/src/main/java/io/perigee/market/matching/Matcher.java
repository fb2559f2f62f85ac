package io.perigee.market.matching;

import io.perigee.market.estimate.Gigabytes;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.Match.Pick;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        var tariff = WorkKinds.of(spec).tariff(spec);
        return classes(request.demand(), eligible).stream()
                .map(numericClass -> inClass(numericClass, request, spec, eligible))
                .flatMap(Optional::stream)
                .filter(found -> StandingBy.enough(request, spec, found, offers.stream(), except))
                .min(Comparator.<Match.Found>comparingDouble(found -> total(found, tariff))
                        .thenComparing(found -> turn(found.numericClass().bytes(), request), Long::compareUnsigned)
                        .thenComparing(Match.Found::numericClass));
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
        return StandingBy.cheapest(request, spec, found, offers)
                .max(Comparator.naturalOrder())
                .filter(price -> price.compareTo(found.highestPrice()) > 0)
                .orElse(found.highestPrice());
    }

    private static SortedSet<Digest> classes(ClassDemand demand, List<OfferView> eligible) {
        return eligible.stream()
                .flatMap(view -> demand.among(view.offer()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<Match.Found> inClass(
            Digest numericClass, PlacementRequest request, JobSpec spec, List<OfferView> eligible) {
        var members = eligible.stream()
                .filter(view -> request.demand().among(view.offer()).anyMatch(numericClass::equals))
                .sorted(cheapestFirst(spec, request))
                .toList();
        var owners = new HashSet<Address>();
        var onePerOwner =
                members.stream().filter(view -> owners.add(view.owner())).toList();
        if (onePerOwner.size() < request.count()) {
            return Optional.empty();
        }
        var chosen =
                switch (request.selection()) {
                    case CHEAPEST -> onePerOwner.subList(0, request.count());
                    case BY_STAKE -> drawn(onePerOwner, request);
                };
        return Optional.of(new Match.Found(
                numericClass,
                chosen.stream()
                        .map(view -> new Pick(view, Pricing.attempt(spec, view.offer())))
                        .toList()));
    }

    /** Draws without putting back; an owner's chance is its free stake. */
    private static List<OfferView> drawn(List<OfferView> onePerOwner, PlacementRequest request) {
        var left = new ArrayList<>(onePerOwner);
        left.sort(Comparator.comparing(OfferView::provider, Comparator.comparing(Object::toString)));
        var chosen = new ArrayList<OfferView>();
        for (int round = 0; round < request.count(); round++) {
            var total = left.stream().map(view -> view.freeStake().value()).reduce(BigInteger.ZERO, BigInteger::add);
            var ticket = new BigInteger(
                            1,
                            Keccak256.hash(request.seed().bytes(), new byte[] {(byte) round})
                                    .bytes())
                    .mod(total);
            int at = 0;
            while (ticket.compareTo(left.get(at).freeStake().value()) >= 0) {
                ticket = ticket.subtract(left.get(at).freeStake().value());
                at++;
            }
            chosen.add(left.remove(at));
        }
        return chosen;
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

    private static long turn(byte[] name, PlacementRequest request) {
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
                reasons.add(new NoMatchReason(
                        constraint.path(),
                        lost,
                        constraint == Constraint.ESTIMATE ? words + need(request, spec, offers) : words));
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
