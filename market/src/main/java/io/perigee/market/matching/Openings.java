package io.perigee.market.matching;

import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often offers became free: what a job's wait is expected from, as if no other job waited. How many come before it is
 * not counted: which of them want the same offers, and whose turn it is, is decided anew with each that comes.
 *
 * @param freed one entry for each time a provider had room again, because an attempt there ended
 * @param observed how long was looked
 */
public record Openings(List<ProviderId> freed, Duration observed) {
    /** Nothing was seen. */
    public static final Openings UNKNOWN = new Openings(List.of(), Duration.ZERO);

    public Openings {
        freed = List.copyOf(freed);
    }

    /**
     * How long until as many offers that fit are free as are missing, at the pace at which such offers became free; empty
     * when none did, or when there are too few owners however long one waits.
     */
    public Optional<Duration> expectedWait(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var fitting = offers.stream()
                .filter(view -> Constraint.allKept(view.using(0, 0), spec, request))
                .toList();
        if (owners(fitting.stream()) < request.count()) {
            return Optional.empty();
        }
        long free = owners(fitting.stream().filter(view -> Constraint.allKept(view, spec, request)));
        long missing = Math.max(0, request.count() - free);
        var providers = fitting.stream().map(OfferView::provider).collect(Collectors.toUnmodifiableSet());
        long useful = freed.stream().filter(providers::contains).count();
        if (missing == 0) {
            return Optional.of(Duration.ZERO);
        }
        return useful == 0
                ? Optional.empty()
                : Optional.of(observed.multipliedBy(missing).dividedBy(useful));
    }

    private static long owners(Stream<OfferView> views) {
        return views.map(OfferView::owner).distinct().count();
    }
}
