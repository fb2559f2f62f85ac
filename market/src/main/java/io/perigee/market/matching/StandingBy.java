package io.perigee.market.matching;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether those stand by whom a request needs beside the ones that are chosen. */
final class StandingBy {
    /** The part of the spec that asks for them. */
    static final String PATH = "verification.auditors";

    private StandingBy() {}

    /** Owners that could stand by for whoever runs it in a class; no more are named than surely are enough. */
    static Set<Address> owners(
            PlacementRequest request,
            PlacementRequest.Standby standby,
            JobSpec spec,
            Digest numericClass,
            Stream<OfferView> offers,
            @Nullable Constraint except) {
        var asked = request.ofStandby(standby);
        return offers.filter(view -> isIn(numericClass, view, request))
                .filter(view -> isAble(view, spec, asked, except))
                .map(OfferView::owner)
                .distinct()
                .limit(standby.owners() + (long) request.count())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether enough do; offers are looked at only until they are found.
     *
     * @param except what is no matter; null when everything is
     */
    static boolean enough(
            PlacementRequest request,
            JobSpec spec,
            Match.Found found,
            Stream<OfferView> offers,
            @Nullable Constraint except) {
        var standby = request.standby();
        if (standby == null) {
            return true;
        }
        return able(request, standby, spec, found, offers, except)
                        .map(OfferView::owner)
                        .distinct()
                        .limit(standby.owners())
                        .count()
                == standby.owners();
    }

    /**
     * The cheapest of those who stand by, one for each owner that is needed; nobody where none is.
     *
     * @param except what is no matter; null when everything is
     */
    static List<OfferView> cheapest(
            PlacementRequest request,
            JobSpec spec,
            Match.Found found,
            List<OfferView> offers,
            @Nullable Constraint except) {
        var standby = request.standby();
        if (standby == null) {
            return List.of();
        }
        var owners = new HashSet<Address>();
        return able(request, standby, spec, found, offers.stream(), except)
                .sorted(Comparator.<OfferView, Amount>comparing(view -> Pricing.attempt(spec, view.offer()))
                        .thenComparing(view -> view.provider().value()))
                .filter(view -> owners.add(view.owner()))
                .limit(standby.owners())
                .toList();
    }

    private static Stream<OfferView> able(
            PlacementRequest request,
            PlacementRequest.Standby standby,
            JobSpec spec,
            Match.Found found,
            Stream<OfferView> offers,
            @Nullable Constraint except) {
        var asked = request.ofStandby(standby);
        var chosen = found.picks().stream().map(pick -> pick.view().owner()).collect(Collectors.toSet());
        return offers.filter(view -> !chosen.contains(view.owner()))
                .filter(view -> isIn(found.numericClass(), view, request))
                .filter(view -> isAble(view, spec, asked, except));
    }

    private static boolean isIn(Digest numericClass, OfferView view, PlacementRequest request) {
        return request.demand().among(view.offer()).anyMatch(numericClass::equals);
    }

    /** Whether an offer is one of those that a request needs to stand by. */
    static boolean helps(OfferView view, JobSpec spec, PlacementRequest request) {
        return helps(view, spec, request, null);
    }

    /** @param except what is no matter; null when everything is */
    static boolean helps(OfferView view, JobSpec spec, PlacementRequest request, @Nullable Constraint except) {
        var standby = request.standby();
        return standby != null && isAble(view, spec, request.ofStandby(standby), except);
    }

    /** Why nothing begins although somebody could run it. */
    static NoMatchReason reason(
            PlacementRequest request, PlacementRequest.Standby standby, JobSpec spec, List<OfferView> offers) {
        int able = (int) offers.stream()
                .filter(view -> isAble(view, spec, request.ofStandby(standby), null))
                .map(OfferView::owner)
                .distinct()
                .count();
        int lost = (int) offers.stream()
                .filter(view -> !isAble(view, spec, request.ofStandby(standby), null))
                .count();
        return new NoMatchReason(
                PATH,
                lost,
                "Expected %d owners beside the one that runs it to be able to audit it, each with %d %% of its own price for the whole free in its stake, but %d owners can do either"
                        .formatted(standby.owners(), standby.bondPercent(), able));
    }

    /** A machine in use will be free again. */
    private static boolean isAble(OfferView view, JobSpec spec, PlacementRequest asked, @Nullable Constraint except) {
        return Constraint.allKept(view.using(0, 0), spec, asked, except);
    }
}
