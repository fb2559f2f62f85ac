package io.perigee.market.matching;

import io.perigee.market.kind.WorkKinds;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.JobSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Offers with what their owners have shown in the classes that a job may run in: of several, the least. */
public final class Shown {
    private Shown() {}

    public static List<OfferView> of(List<OfferView> views, JobSpec spec, Function<Field, Reputation> records) {
        var known = new HashMap<Field, Decimal>();
        return views.stream()
                .map(view -> view.shown(score(
                        view,
                        spec,
                        field -> known.computeIfAbsent(
                                field, each -> records.apply(each).score()))))
                .toList();
    }

    /**
     * The same, asking for the records of owners only whose offers do but for these: an offer that does not do anyway passes
     * for one that has shown enough.
     *
     * @param scores asked once, for all of them
     */
    public static List<OfferView> whereItMatters(
            List<OfferView> views,
            List<PlacementRequest> requests,
            JobSpec spec,
            Function<Set<Field>, Map<Field, Decimal>> scores) {
        var asked = views.stream()
                .filter(view -> requests.stream().anyMatch(request -> doesBut(view, spec, request)))
                .collect(Collectors.toMap(OfferView::provider, view -> view));
        var known = scores.apply(
                asked.values().stream().flatMap(view -> fields(view, spec)).collect(Collectors.toUnmodifiableSet()));
        return views.stream()
                .map(view -> view.shown(
                        asked.containsKey(view.provider())
                                ? score(view, spec, field -> known.getOrDefault(field, Decimal.ZERO))
                                : spec.placement().minReputation()))
                .toList();
    }

    /** What an offer's owner has shown for a job. */
    public static Decimal score(OfferView view, JobSpec spec, Function<Field, Decimal> scores) {
        return fields(view, spec).map(scores).min(Comparator.naturalOrder()).orElse(Decimal.ZERO);
    }

    /** Whether it matters for a job what owners have shown. */
    public static boolean matters(JobSpec spec) {
        return spec.placement().minReputation().compareTo(Decimal.ZERO) > 0;
    }

    /** The same, for whom it matters nothing what owners have shown. */
    static JobSpec whateverItIs(JobSpec spec) {
        var placement = spec.placement();
        return spec.placed(new JobSpec.Placement(
                placement.regions(), Decimal.ZERO, placement.excludeOwners(), placement.numericClass()));
    }

    private static boolean doesBut(OfferView view, JobSpec spec, PlacementRequest request) {
        return Constraint.allKept(view, spec, request, Constraint.REPUTATION)
                || StandingBy.helps(view, spec, request, Constraint.REPUTATION);
    }

    private static Stream<Field> fields(OfferView view, JobSpec spec) {
        return WorkKinds.of(spec)
                .classDemand(spec)
                .among(view.offer())
                .map(numericClass -> new Field(view.owner(), numericClass, Field.family(spec)));
    }
}
