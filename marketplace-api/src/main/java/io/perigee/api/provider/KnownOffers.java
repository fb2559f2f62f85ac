package io.perigee.api.provider;

import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Shown;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The live offers with what is known of their owners, as far as some jobs ask for it.
 *
 * @param classes that are open to who names none
 * @param complete false when there are more offers than are read; then nothing follows from what is missing
 * @param records of the owners that have one; whoever has none is a newcomer
 */
public record KnownOffers(
        List<OfferView> live, PeopledClasses classes, boolean complete, Map<Field, Reputation> records) {
    private static final Reputation NEWCOMER = Reputation.of(List.of(), Instant.EPOCH);

    public KnownOffers {
        live = List.copyOf(live);
        records = Map.copyOf(records);
    }

    /** As matching sees them for this job. */
    public List<OfferView> forJob(JobSpec spec) {
        return shown(live, spec);
    }

    /** One of them, as matching sees it for this job. */
    public OfferView forJob(OfferView view, JobSpec spec) {
        return shown(List.of(view), spec).getFirst();
    }

    private List<OfferView> shown(List<OfferView> views, JobSpec spec) {
        return Shown.matters(spec) ? Shown.of(views, spec, field -> records.getOrDefault(field, NEWCOMER)) : views;
    }
}
