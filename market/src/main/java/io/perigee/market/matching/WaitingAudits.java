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
    /**
     * @param request the least it could begin with if all machines were idle; null where nothing would do
     * @param requests what would do, the best first
     */
    private record Waiting(
            @Nullable PlacementRequest request, List<PlacementRequest> requests, JobSpec spec, Instant until) {
        boolean keeps(Instant now) {
            return request != null && now.isBefore(until);
        }

        boolean couldUse(OfferView view) {
            // what owners have shown was asked when it was found to lack nothing but slots
            return request != null && Constraint.allKept(view, spec, request, Constraint.REPUTATION);
        }

        /** How often it could be run beside what an offer has in use already. */
        int free(OfferView view) {
            int slots = Math.max(0, view.offer().slots() - view.usedSlots());
            var need = spec.resources().gpu();
            if (need.count() == 0 || request == null) {
                return slots;
            }
            long vram = Math.max(need.vramMin(), request.required());
            int gpus = Math.max(0, Room.fitting(view.offer(), need, vram) - view.usedGpus());
            return Math.min(slots, gpus / need.count());
        }

        Waiting with(@Nullable PlacementRequest other) {
            return new Waiting(other, requests, spec, until);
        }
    }

    private final Map<JobId, Waiting> waiting = new HashMap<>();
    /** Lacking somebody, and wanting nobody at the moment. */
    private final Set<JobId> idle = new HashSet<>();

    /**
     * An audit was looked at in vain.
     *
     * @param requests what would do, the best first
     * @param until when it keeps nothing from others any more
     * @param offers with what their owners have shown
     * @return whether it may keep less from others than before
     */
    public boolean waits(
            JobId job, List<PlacementRequest> requests, JobSpec spec, Instant until, List<OfferView> offers) {
        var least = requests.reversed().stream()
                .filter(request -> isServable(request, spec, offers, null))
                .findFirst();
        var now = new Waiting(least.orElse(null), List.copyOf(requests), spec, until);
        var before = waiting.put(job, now);
        idle.remove(job);
        return before != null && offers.stream().anyMatch(view -> before.couldUse(view) && !now.couldUse(view));
    }

    /**
     * It wants nobody at the moment, though it may lack somebody.
     *
     * @return whether it may have kept something from others
     */
    public boolean keepsNothing(JobId job) {
        idle.add(job);
        return leaves(job);
    }

    /**
     * Offers went, or became others: an audit that could not be served any more keeps nothing from now on.
     *
     * @return whether others may begin what they could not before
     */
    public boolean recheck(List<OfferView> offers, Instant now) {
        boolean freed = false;
        for (var entry : List.copyOf(waiting.entrySet())) {
            var audit = entry.getValue();
            if (audit.keeps(now)
                    && audit.requests.stream()
                            .noneMatch(request ->
                                    isServable(request.askedAt(now), audit.spec, offers, Constraint.REPUTATION))) {
                waiting.put(entry.getKey(), audit.with(null));
                freed = true;
            }
        }
        return freed;
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
        unknown.removeAll(idle);
        return unknown;
    }

    /**
     * Only these lack auditors any more.
     *
     * @return whether others may begin what they could not before
     */
    public boolean keepOnly(Set<JobId> lacking, Instant now) {
        idle.retainAll(lacking);
        boolean freed = false;
        for (var entry : List.copyOf(waiting.entrySet())) {
            var audit = entry.getValue();
            if (!lacking.contains(entry.getKey())) {
                freed |= leaves(entry.getKey());
            } else if (audit.request != null && !now.isBefore(audit.until)) {
                waiting.put(entry.getKey(), audit.with(null));
                freed = true;
            }
        }
        return freed;
    }

    /**
     * An audit that a choice would take the last free slot of an owner from; empty when it may begin.
     *
     * @param spec of the run that was chosen for
     * @param offersOf all of an owner's offers
     */
    public Optional<JobId> inTheWay(
            Match.Found found, JobSpec spec, Function<Address, List<OfferView>> offersOf, Instant now) {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        return found.picks().stream()
                .map(pick -> inTheWay(pick.view(), spec.resources().gpu().count(), offersOf, now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<JobId> inTheWay(
            OfferView chosen, int gpus, Function<Address, List<OfferView>> offersOf, Instant now) {
        var wanting = waiting.entrySet().stream()
                .filter(entry -> entry.getValue().keeps(now) && entry.getValue().couldUse(chosen))
                .toList();
        if (wanting.isEmpty()) {
            return Optional.empty();
        }
        long left = offersOf.apply(chosen.owner()).stream()
                .mapToLong(view -> wanting.stream()
                        .map(Map.Entry::getValue)
                        .filter(audit -> audit.couldUse(view))
                        .mapToInt(audit -> audit.free(
                                view.provider().equals(chosen.provider())
                                        ? view.using(view.usedSlots() + 1, view.usedGpus() + gpus)
                                        : view))
                        .min()
                        .orElse(0))
                .sum();
        return left >= wanting.size()
                ? Optional.empty()
                : wanting.stream().map(Map.Entry::getKey).min(Comparator.comparing(JobId::toString));
    }

    private static boolean isServable(
            PlacementRequest request, JobSpec spec, List<OfferView> offers, @Nullable Constraint except) {
        var standby = request.standby();
        int needed = request.count() + (standby == null ? 0 : standby.owners());
        Set<Address> owners = new HashSet<>();
        for (var view : offers) {
            if (Constraint.allKept(view.using(0, 0), spec, request, except)
                    && owners.add(view.owner())
                    && owners.size() >= needed) {
                return true;
            }
        }
        return false;
    }
}
