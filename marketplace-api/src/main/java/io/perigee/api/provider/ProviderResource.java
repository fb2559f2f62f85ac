package io.perigee.api.provider;

import io.perigee.api.session.Anonymous;
import io.perigee.protocol.rest.ProviderView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who sells capacity here. */
@Path("/api/v1/providers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Providers")
public final class ProviderResource {
    private final OfferBook offers;

    ProviderResource(OfferBook offers) {
        this.offers = offers;
    }

    @GET
    @Anonymous
    @Operation(summary = "Providers and their offers, those online first")
    public Uni<List<ProviderView>> all() {
        return offers.all();
    }
}
