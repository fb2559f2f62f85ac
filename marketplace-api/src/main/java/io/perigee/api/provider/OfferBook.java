package io.perigee.api.provider;

import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Reads the offers of the agents that are connected. */
public interface OfferBook {
    /** As the matcher sees them for these jobs. */
    Uni<KnownOffers> live(Collection<JobSpec> specs, Instant now);

    /** As everybody may see them, those that left lately included. */
    Uni<List<ProviderView>> all();
}
