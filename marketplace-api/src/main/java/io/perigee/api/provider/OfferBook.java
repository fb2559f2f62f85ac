package io.perigee.api.provider;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.rest.ProviderView;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Reads the offers of the agents that are connected. */
public interface OfferBook {
    /** As the matcher sees them. */
    Uni<List<OfferView>> live();

    /** As everybody may see them, those that left lately included. */
    Uni<List<ProviderView>> all();
}
