package io.perigee.scheduler.placing;

import io.perigee.market.kind.WorkKinds;
import io.perigee.market.lifecycle.TrackRecord;
import io.perigee.market.matching.OfferView;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.JobSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/** Offers with what their owners have shown in the classes that a job may run in: of several, the least. */
final class Shown {
    private Shown() {}

    static List<OfferView> of(List<OfferView> views, JobSpec spec, Function<Field, Reputation> records) {
        var demand = WorkKinds.of(spec).classDemand(spec);
        var known = new HashMap<Field, Decimal>();
        return views.stream()
                .map(view -> view.shown(demand.among(view.offer())
                        .map(numericClass -> new Field(view.owner(), numericClass, TrackRecord.family(spec)))
                        .map(field -> known.computeIfAbsent(
                                field, each -> records.apply(each).score()))
                        .min(Comparator.naturalOrder())
                        .orElse(Decimal.ZERO)))
                .toList();
    }
}
