package io.perigee.market.matching;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a job has no match, and what it would take.
 *
 * @param reasons for each constraint, how many offers it lost
 * @param relaxation the one constraint without which the job would match now at the lowest price; empty when none alone
 *     would do
 * @param expectedWait at the pace at which offers that fit became free; empty when that is not known
 */
public record Explanation(
        List<NoMatchReason> reasons, Optional<Relaxation> relaxation, Optional<Duration> expectedWait) {
    public Explanation {
        reasons = List.copyOf(reasons);
    }

    /**
     * A constraint that a builder can loosen.
     *
     * @param constraint the part of the spec: "placement.regions"
     * @param enough to what: the weakest of those who were chosen, or stand by, has this; with it the job matches
     * @param total what all attempts would then cost
     */
    public record Relaxation(String constraint, String enough, Amount total) {}

    /** Of a job, against the offers of now. Looks at every offer once for each constraint. */
    public static Explanation of(PlacementRequest request, JobSpec spec, List<OfferView> offers, Openings openings) {
        var wait = openings.expectedWait(request, spec, offers);
        return switch (Matcher.match(request, spec, offers)) {
            case Match.Found _ -> new Explanation(List.of(), Optional.empty(), wait);
            case Match.None none ->
                new Explanation(
                        none.reasons(),
                        Stream.of(Constraint.values())
                                .filter(Explanation::isBuilders)
                                .flatMap(constraint -> without(constraint, request, spec, offers).stream())
                                .min(Comparator.comparing(Relaxation::total)),
                        wait);
        };
    }

    /** A job that asks for less. */
    private record Looser(JobSpec spec, PlacementRequest request, String enough) {}

    /** Named only when the job matches with it: whoever would have to stand by may lack something else. */
    private static Optional<Relaxation> without(
            Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return looser(constraint, request, spec, offers).flatMap(looser -> switch (Matcher.match(
                looser.request(), looser.spec(), offers)) {
            case Match.Found found -> Optional.of(new Relaxation(constraint.path(), looser.enough(), found.total()));
            case Match.None _ -> Optional.empty();
        });
    }

    private static Optional<Looser> looser(
            Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return constraint == Constraint.GPU
                ? onAnyGpu(request, spec, offers)
                : Matcher.without(constraint, request, spec, offers)
                        .map(found ->
                                loosened(constraint, request, spec, needed(request, spec, found, offers, constraint)));
    }

    /** Those who were chosen, and the cheapest who stand by. */
    private static List<OfferView> needed(
            PlacementRequest request,
            JobSpec spec,
            Match.Found found,
            List<OfferView> offers,
            @Nullable Constraint except) {
        return Stream.concat(
                        found.picks().stream().map(Match.Pick::view),
                        StandingBy.cheapest(request, spec, found, offers, except).stream())
                .toList();
    }

    private static Looser loosened(
            Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> views) {
        var needs = spec.resources();
        var placement = spec.placement();
        return switch (constraint) {
            case CPU -> {
                int cpus = least(views, view -> view.offer().cpus());
                yield needing(request, spec, needs.gpu(), cpus, needs.memory(), needs.disk(), cpus);
            }
            case MEMORY -> {
                long memory = least(views, view -> view.offer().memory());
                yield needing(request, spec, needs.gpu(), needs.cpu(), memory, needs.disk(), memory);
            }
            case DISK -> {
                long disk = least(views, view -> view.offer().disk());
                yield needing(request, spec, needs.gpu(), needs.cpu(), needs.memory(), disk, disk);
            }
            case REGION -> {
                var regions = views.stream()
                        .map(view -> view.offer().region())
                        .distinct()
                        .sorted()
                        .toList();
                // who does not say where it is can be asked for only by asking for no region
                yield regions.contains("")
                        ? placed(request, spec, List.of(), placement.minReputation(), "any")
                        : placed(request, spec, regions, placement.minReputation(), String.join(", ", regions));
            }
            case REPUTATION -> {
                var reputation = least(views, OfferView::reputation);
                yield placed(request, spec, placement.regions(), reputation, reputation.toString());
            }
            case PRICE -> {
                var price = views.stream()
                        .map(view -> Pricing.attempt(spec, view.offer()))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                yield new Looser(
                        spec,
                        request.costing(price),
                        Pricing.maximum(spec, price).toString());
            }
            case GPU, OWNER, NUMERIC_CLASS, ESTIMATE, STAKE, REGISTRATION, CONVICTION, SESSION_KEY, SLOTS, ASIDE ->
                throw new IllegalArgumentException("Expected what a builder can loosen, but got " + constraint);
        };
    }

    private static Looser needing(
            PlacementRequest request, JobSpec spec, JobSpec.GpuNeed gpu, int cpu, long memory, long disk, long enough) {
        return new Looser(spec.needing(new JobSpec.Resources(gpu, cpu, memory, disk)), request, Long.toString(enough));
    }

    private static Looser placed(
            PlacementRequest request, JobSpec spec, List<String> regions, Decimal reputation, String enough) {
        var placement = spec.placement();
        return new Looser(
                spec.placed(new JobSpec.Placement(
                        regions, reputation, placement.excludeOwners(), placement.numericClass())),
                request,
                enough);
    }

    /**
     * With as many GPUs of any model. The estimate still holds, and those in use are still in use: looking past the whole
     * constraint would find the very model that was asked for, where all of it is busy.
     */
    private static Optional<Looser> onAnyGpu(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var asked = spec.resources();
        if (asked.gpu().count() == 0) {
            return Optional.empty();
        }
        var anyGpu = new JobSpec.GpuNeed(asked.gpu().count(), 0, List.of());
        var looser = spec.needing(new JobSpec.Resources(anyGpu, asked.cpu(), asked.memory(), asked.disk()));
        return switch (Matcher.match(request, looser, offers)) {
            case Match.Found found ->
                Optional.of(new Looser(looser, request, gpus(needed(request, looser, found, offers, null))));
            case Match.None _ -> Optional.empty();
        };
    }

    private static boolean isBuilders(Constraint constraint) {
        return switch (constraint) {
            case GPU, CPU, MEMORY, DISK, REGION, REPUTATION, PRICE -> true;
            case OWNER, NUMERIC_CLASS, ESTIMATE, STAKE, REGISTRATION, CONVICTION, SESSION_KEY, SLOTS, ASIDE -> false;
        };
    }

    private static <T extends Comparable<T>> T least(List<OfferView> views, Function<OfferView, T> value) {
        return views.stream().map(value).min(Comparator.naturalOrder()).orElseThrow();
    }

    private static String gpus(List<OfferView> views) {
        return views.stream()
                .flatMap(view -> view.offer().gpus().stream())
                .map(gpu -> "%s of %d bytes".formatted(gpu.model(), gpu.vram()))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
