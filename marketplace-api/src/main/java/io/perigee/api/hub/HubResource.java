package io.perigee.api.hub;

import io.perigee.api.session.Anonymous;
import io.perigee.protocol.rest.HubInfo;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a client must know before it signs anything. */
@Path("/api/v1/hub")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Hub")
public final class HubResource {
    private final HubFacts hub;
    private final Trainers trainers;

    HubResource(HubFacts hub, Trainers trainers) {
        this.hub = hub;
        this.trainers = trainers;
    }

    @GET
    @Anonymous
    @Operation(summary = "The hub's address, chain, contracts, token and trainers")
    public Uni<HubInfo> hub() {
        return Uni.createFrom().item(() -> hub.info(trainers.offered()));
    }
}
