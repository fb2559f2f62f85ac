package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Audits that nobody was free for, and what they keep from whoever comes later. An audit needs several owners at once; if
 * each slot that comes free went to the next run, they would never be free together, and whoever had sealed would go
 * unpaid. So a run does not begin where it would take the last free slot of an owner that such an audit could use.
 *
 * <p>Only slots may be what it lacks: an audit that could not be served if all machines were idle, because owners ask too
 * much, have shown too little, are excluded or have no stake, keeps nothing from anybody. Nor does one whose time is up.
 *
 * <p>Used by one thread.
 */
public final class WaitingAudits {
    /** @param request the least it could begin with if all machines were idle; null where nothing would do */
    private record Waiting(@Nullable PlacementRequest request, JobSpec spec, Instant until) {
        boolean couldUse(OfferView view) {
            // what owners have shown was asked when it was found to lack nothing but slots
            return request != null && Constraint.allKept(view, spec, request, Constraint.REPUTATION);
        }
    }

    private final Map<JobId, Waiting> waiting = new HashMap<>();

    /**
     * An audit was looked at in vain.
     *
     * @param requests what would do, the best first
     * @param until when it keeps nothing from others any more
     * @param offers with what their owners have shown
     */
    public void waits(JobId job, List<PlacementRequest> requests, JobSpec spec, Instant until, List<OfferView> offers) {
        var least = requests.reversed().stream()
                .filter(request -> isServable(request, spec, offers))
                .findFirst();
        waiting.put(job, new Waiting(least.orElse(null), spec, until));
    }

    /**
     * Auditors were found, or none is wanted any more.
     *
     * @return whether it may have kept something from others
     */
    public boolean leaves(JobId job) {
        var left = waiting.remove(job);
        return left != null && left.request != null;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Those of some that were not looked at yet. */
    public Set<JobId> unknown(Collection<JobId> audits) {
        var unknown = new LinkedHashSet<>(audits);
        unknown.removeAll(waiting.keySet());
        return unknown;
    }

    /**
     * Only these lack auditors any more.
     *
     * @return whether others may begin what they could not before
     */
    public boolean keepOnly(Set<JobId> lacking, Instant now) {
        boolean freed = false;
        for (var entry : List.copyOf(waiting.entrySet())) {
            var audit = entry.getValue();
            if (!lacking.contains(entry.getKey())) {
                freed |= leaves(entry.getKey());
            } else if (audit.request != null && !now.isBefore(audit.until)) {
                waiting.put(entry.getKey(), new Waiting(null, audit.spec, audit.until));
                freed = true;
            }
        }
        return freed;
    }

    /**
     * An audit that a choice would take the last free slot of an owner from; empty when it may begin.
     *
     * @param offersOf all of an owner's offers
     */
    public Optional<JobId> inTheWay(Match.Found found, Function<Address, List<OfferView>> offersOf, Instant now) {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        return found.picks().stream()
                .map(pick -> inTheWay(pick.view(), offersOf, now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<JobId> inTheWay(OfferView chosen, Function<Address, List<OfferView>> offersOf, Instant now) {
        var wanting = waiting.entrySet().stream()
                .filter(entry ->
                        now.isBefore(entry.getValue().until) && entry.getValue().couldUse(chosen))
                .toList();
        if (wanting.isEmpty()) {
            return Optional.empty();
        }
        long free = offersOf.apply(chosen.owner()).stream()
                .filter(view ->
                        wanting.stream().anyMatch(entry -> entry.getValue().couldUse(view)))
                .mapToLong(view -> view.offer().slots() - view.usedSlots())
                .sum();
        return free > wanting.size()
                ? Optional.empty()
                : wanting.stream().map(Map.Entry::getKey).min(Comparator.comparing(JobId::toString));
    }

    private static boolean isServable(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var standby = request.standby();
        int needed = request.count() + (standby == null ? 0 : standby.owners());
        Set<Address> owners = new HashSet<>();
        for (var view : offers) {
            if (owners.size() < needed && Constraint.allKept(view.using(0, 0), spec, request)) {
                owners.add(view.owner());
            }
        }
        return owners.size() >= needed;
    }
}
