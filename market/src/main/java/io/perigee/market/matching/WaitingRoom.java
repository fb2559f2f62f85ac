package io.perigee.market.matching;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Jobs that could not be placed, by what they lack. An offer that came or changed wakes those it can help and no other.
 * Jobs that ask for the same class, GPUs and regions wait together, in the order of the highest price they can pay: an
 * offer that is of another kind, or dearer than all of them can pay, looks at none.
 *
 * <p>Not for two threads at once.
 */
public final class WaitingRoom {
    private final Map<ClassDemand, Map<Bench, TreeMap<BigInteger, Map<JobId, Waiting>>>> benches = new HashMap<>();
    private final Map<JobId, Waiting> seats = new HashMap<>();
    private long looks;

    /** What jobs that wait together ask for; their prices are for the same thing too. */
    private record Bench(Shape.Key kind, Class<? extends Tariff> tariff) {}

    private record Waiting(PlacementRequest request, JobSpec spec, Tariff tariff) {
        Bench bench() {
            return new Bench(Shape.Key.of(request, spec), tariff.getClass());
        }

        BigInteger highestPrice() {
            return Need.highestPrice(request, tariff);
        }
    }

    /** A job waits, instead of what it may have waited for before. */
    public void enter(JobId job, PlacementRequest request, JobSpec spec) {
        leave(job);
        var waiting = new Waiting(request, spec, WorkKinds.of(spec).tariff(spec));
        seats.put(job, waiting);
        benches.computeIfAbsent(request.demand(), demand -> new LinkedHashMap<>())
                .computeIfAbsent(waiting.bench(), bench -> new TreeMap<>())
                .computeIfAbsent(waiting.highestPrice(), price -> new LinkedHashMap<>())
                .put(job, waiting);
    }

    /** A job waits no longer; false when it did not. */
    public boolean leave(JobId job) {
        var waiting = seats.remove(job);
        if (waiting == null) {
            return false;
        }
        benches.computeIfPresent(waiting.request().demand(), (demand, kinds) -> {
            kinds.computeIfPresent(waiting.bench(), (bench, prices) -> {
                prices.computeIfPresent(waiting.highestPrice(), (price, jobs) -> {
                    jobs.remove(job);
                    return jobs.isEmpty() ? null : jobs;
                });
                return prices.isEmpty() ? null : prices;
            });
            return kinds.isEmpty() ? null : kinds;
        });
        return true;
    }

    /** Only these may be waiting; all others leave. */
    public void keepOnly(Set<JobId> jobs) {
        var gone = new HashSet<>(seats.keySet());
        gone.removeAll(jobs);
        gone.forEach(this::leave);
    }

    public boolean isWaiting(JobId job) {
        return seats.containsKey(job);
    }

    /** The jobs that an offer can help, in no particular order. They go on waiting. */
    public List<JobId> helpedBy(OfferView view) {
        return demandsOf(view)
                .distinct()
                .flatMap(demand -> benches.getOrDefault(demand, Map.of()).entrySet().stream())
                .filter(bench -> Shape.fits(bench.getKey().kind(), view.offer()))
                .flatMap(bench -> affordable(view, bench.getValue()))
                .filter(entry -> helps(view, entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    public int size() {
        return seats.size();
    }

    /** How many jobs were looked at since the beginning. */
    public long looks() {
        return looks;
    }

    private static Stream<Map.Entry<JobId, Waiting>> affordable(
            OfferView view, TreeMap<BigInteger, Map<JobId, Waiting>> prices) {
        var tariff = prices.firstEntry().getValue().values().iterator().next().tariff();
        return prices.tailMap(tariff.price(view.offer()).value(), true).values().stream()
                .flatMap(jobs -> jobs.entrySet().stream());
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
