package io.perigee.market.matching;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

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
     * @param enough to what: the weakest of what was chosen has this
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

    private static Optional<Relaxation> without(
            Constraint constraint, PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var match = constraint == Constraint.GPU
                ? onAnyGpu(request, spec, offers)
                : Matcher.without(constraint, request, spec, offers);
        return match.map(found -> new Relaxation(constraint.path(), enough(constraint, spec, found), found.total()));
    }

    /**
     * With as many GPUs of any model. The estimate still holds, and those in use are still in use: looking past the whole
     * constraint would find the very model that was asked for, where all of it is busy.
     */
    private static Optional<Match.Found> onAnyGpu(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var asked = spec.resources();
        if (asked.gpu().count() == 0) {
            return Optional.empty();
        }
        var anyGpu = new JobSpec.GpuNeed(asked.gpu().count(), 0, List.of());
        var looser = spec.needing(new JobSpec.Resources(anyGpu, asked.cpu(), asked.memory(), asked.disk()));
        return switch (Matcher.match(request, looser, offers)) {
            case Match.Found found -> Optional.of(found);
            case Match.None _ -> Optional.empty();
        };
    }

    private static boolean isBuilders(Constraint constraint) {
        return switch (constraint) {
            case GPU, CPU, MEMORY, DISK, REGION, REPUTATION, PRICE -> true;
            case OWNER, NUMERIC_CLASS, ESTIMATE, STAKE, REGISTRATION, CONVICTION, SESSION_KEY, SLOTS, ASIDE -> false;
        };
    }

    private static String enough(Constraint constraint, JobSpec spec, Match.Found found) {
        var views = found.picks().stream().map(Match.Pick::view).toList();
        return switch (constraint) {
            case CPU -> least(views, view -> view.offer().cpus());
            case MEMORY -> least(views, view -> view.offer().memory());
            case DISK -> least(views, view -> view.offer().disk());
            case REPUTATION -> least(views, OfferView::reputation);
            case PRICE -> maximum(spec, found).toString();
            case REGION, GPU -> kinds(constraint, views);
            case OWNER, NUMERIC_CLASS, ESTIMATE, STAKE, REGISTRATION, CONVICTION, SESSION_KEY, SLOTS, ASIDE -> "";
        };
    }

    private static <T extends Comparable<T>> String least(List<OfferView> views, Function<OfferView, T> value) {
        return views.stream()
                .map(value)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .toString();
    }

    /** The price.max that covers the dearest of them for everything that can be due. */
    private static Amount maximum(JobSpec spec, Match.Found found) {
        return Pricing.maximum(spec, found.highestPrice());
    }

    private static String kinds(Constraint constraint, List<OfferView> views) {
        return String.join(
                ", ",
                views.stream()
                        .flatMap(view -> constraint == Constraint.REGION
                                ? Stream.of(view.offer().region())
                                : view.offer().gpus().stream()
                                        .map(gpu -> "%s of %d bytes".formatted(gpu.model(), gpu.vram())))
                        .distinct()
                        .sorted()
                        .toList());
    }
}
