package io.perigee.api.provider;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.rest.ProviderView;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads the offers of the agents that are connected. */
public interface OfferBook {
    /** As the matcher sees them for these jobs; what of them is in use may be of a moment ago. */
    Uni<KnownOffers> live(Collection<JobSpec> specs);

    /** As everybody may see them, by their ids: those online, then those that left. */
    Uni<List<ProviderView>> page(ProviderCursor after, int most);

    /** One provider's offer as the matcher sees it; empty when it is not online. */
    Uni<Optional<OfferView>> live(ProviderId provider);

    /** A provider whose agent has ever been here. */
    Uni<Optional<ProviderView>> find(ProviderId provider);
}
