package io.perigee.market.matching;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.pricing.Tariff;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
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
    private int byRecord;
    private long looks;

    /** What jobs that wait together ask for; their prices are for the same thing too. */
    private record Bench(Shape.Key kind, Class<? extends Tariff> tariff) {}

    /** @param request the widest of the alternatives */
    private record Waiting(PlacementRequest request, List<PlacementRequest> alternatives, JobSpec spec, Tariff tariff) {
        Bench bench() {
            return new Bench(Shape.Key.of(request, spec), tariff.getClass());
        }

        BigInteger highestPrice() {
            return Need.highestPrice(request, tariff);
        }
    }

    /**
     * A job waits, instead of what it may have waited for before.
     *
     * @param alternatives what would do; an offer that does for any of them helps
     */
    public void enter(JobId job, List<PlacementRequest> alternatives, JobSpec spec) {
        leave(job);
        var request = PlacementRequest.widest(alternatives);
        var waiting = new Waiting(
                request, List.copyOf(alternatives), spec, WorkKinds.of(spec).tariff(spec));
        seats.put(job, waiting);
        byRecord += Shown.matters(spec) ? 1 : 0;
        benches.computeIfAbsent(room(request), demand -> new LinkedHashMap<>())
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
        byRecord -= Shown.matters(waiting.spec()) ? 1 : 0;
        benches.computeIfPresent(room(waiting.request()), (demand, kinds) -> {
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

    /** An offer of a class that a job may not run in now is of its room still; whether it helps is asked of the job. */
    private static ClassDemand room(PlacementRequest request) {
        return request.demand().within(Set.of());
    }

    /** The images whose classes are open to some that wait. */
    public Set<ClassDemand> openClasses() {
        return benches.keySet().stream()
                .filter(ClassDemand.OfImage.class::isInstance)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All that wait for an image's classes leave, since others may be open to them now. */
    public List<JobId> leaveAll(ClassDemand open) {
        var jobs = benches.getOrDefault(open, Map.of()).values().stream()
                .flatMap(prices -> prices.values().stream())
                .flatMap(each -> each.keySet().stream())
                .toList();
        jobs.forEach(this::leave);
        return jobs;
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

    /**
     * The jobs that an offer can help if they ask now, in no particular order. They go on waiting.
     *
     * @param shown what the offer's owner has shown, for a job that asks for it; more rather than less where nobody knows
     */
    public List<JobId> helpedBy(OfferView view, Instant now, BiFunction<OfferView, JobSpec, Decimal> shown) {
        return helped(view, now, shown).map(Map.Entry::getKey).toList();
    }

    /** Those of them that ask for what owners have shown: an owner has shown something else than before. */
    public List<JobId> helpedByRecord(OfferView view, Instant now, BiFunction<OfferView, JobSpec, Decimal> shown) {
        return helped(view, now, shown)
                .filter(entry -> Shown.matters(entry.getValue().spec()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Stream<Map.Entry<JobId, Waiting>> helped(
            OfferView view, Instant now, BiFunction<OfferView, JobSpec, Decimal> shown) {
        return demandsOf(view)
                .distinct()
                .flatMap(demand -> benches.getOrDefault(demand, Map.of()).entrySet().stream())
                .filter(bench -> Shape.fits(bench.getKey().kind(), view.offer()))
                .flatMap(bench -> affordable(view, bench.getValue()))
                .filter(entry -> helps(view, entry.getValue(), now, shown));
    }

    /**
     * Whether a job can be placed if it asks now, as far as the offers say: what owners have shown is passed over. True for
     * one that does not wait, since nothing is known of it here.
     */
    public boolean canBePlaced(JobId job, OfferIndex index, Instant now) {
        var waiting = seats.get(job);
        if (waiting == null) {
            return true;
        }
        var spec = Shown.matters(waiting.spec()) ? Shown.whateverItIs(waiting.spec()) : waiting.spec();
        return waiting.alternatives().stream().anyMatch(request -> index.canPlace(request.askedAt(now), spec));
    }

    /** Whether any of them asks for what owners have shown. */
    public boolean asksForRecords() {
        return byRecord > 0;
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

    private boolean helps(OfferView view, Waiting waiting, Instant now, BiFunction<OfferView, JobSpec, Decimal> shown) {
        looks++;
        var spec = waiting.spec();
        // a key that came after the last look does, and one that has run out since does not
        var request = waiting.request().askedAt(now);
        if (!Constraint.allKept(view, spec, request, Constraint.REPUTATION)
                && !StandingBy.helps(view, spec, request, Constraint.REPUTATION)) {
            return false;
        }
        var known = Shown.matters(spec) ? view.shown(shown.apply(view, spec)) : view;
        return Constraint.REPUTATION.keeps(known, spec, request);
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
