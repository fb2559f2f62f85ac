package io.perigee.market.matching;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Jobs that could not be placed, by what they lack. An offer that came or changed wakes those it can help and no other:
 * it is shown to the jobs of its classes and images alone, and of these to none that it does not do for.
 */
public final class WaitingRoom {
    private final Map<ClassDemand, Map<JobId, Waiting>> byDemand = new HashMap<>();
    private final Map<JobId, ClassDemand> demands = new HashMap<>();
    private long looks;

    private record Waiting(PlacementRequest request, JobSpec spec) {}

    /** A job waits, instead of what it may have waited for before. */
    public void enter(JobId job, PlacementRequest request, JobSpec spec) {
        leave(job);
        demands.put(job, request.demand());
        byDemand.computeIfAbsent(request.demand(), demand -> new LinkedHashMap<>())
                .put(job, new Waiting(request, spec));
    }

    /** A job waits no longer; false when it did not. */
    public boolean leave(JobId job) {
        var demand = demands.remove(job);
        if (demand == null) {
            return false;
        }
        byDemand.computeIfPresent(demand, (same, jobs) -> {
            jobs.remove(job);
            return jobs.isEmpty() ? null : jobs;
        });
        return true;
    }

    /** The jobs that an offer can help, longest waiting first within one demand. They go on waiting. */
    public List<JobId> helpedBy(OfferView view) {
        return demandsOf(view)
                .distinct()
                .map(demand -> byDemand.getOrDefault(demand, Map.of()))
                .flatMap(jobs -> jobs.entrySet().stream())
                .filter(entry -> helps(view, entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    public int size() {
        return demands.size();
    }

    /** How many jobs were looked at since the beginning. */
    public long looks() {
        return looks;
    }

    private boolean helps(OfferView view, Waiting waiting) {
        looks++;
        return Constraint.allKept(view, waiting.spec(), waiting.request());
    }

    private static Stream<ClassDemand> demandsOf(OfferView view) {
        return Stream.of(
                        view.offer().numericClasses().stream().<ClassDemand>map(ClassDemand.Fixed::new),
                        view.offer().images().stream()
                                .<ClassDemand>map(held -> new ClassDemand.OfImage(held.image(), held.gpu())),
                        Stream.<ClassDemand>of(new ClassDemand.Unclassed()))
                .flatMap(demands -> demands);
    }
}
