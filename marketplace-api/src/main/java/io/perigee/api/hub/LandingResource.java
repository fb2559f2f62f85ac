package io.perigee.api.hub;

import io.perigee.api.session.Anonymous;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** For whoever opens the hub's address: what this is, and where to go on. */
@Path("/")
@Tag(name = "Hub")
public final class LandingResource {
    private static final String WHAT = "A Perigee hub: strangers' machines run fine-tuning jobs, verified and paid.";
    private static final String DOCUMENT = "/q/openapi";
    private static final String PAGE = "/q/swagger-ui";
    private static final String FACTS = "/api/v1/hub";

    @GET
    @Anonymous
    @Produces({MediaType.TEXT_PLAIN, MediaType.APPLICATION_JSON})
    @Operation(summary = "What this is, and where its documents are")
    public Uni<Response> land(@Context Request request) {
        var variant =
                request.selectVariant(Variant.mediaTypes(MediaType.TEXT_PLAIN_TYPE, MediaType.APPLICATION_JSON_TYPE)
                        .build());
        boolean json = variant != null && MediaType.APPLICATION_JSON_TYPE.isCompatible(variant.getMediaType());
        return Uni.createFrom().item(() -> (json
                        ? Response.ok(
                                Map.of("what", WHAT, "document", DOCUMENT, "page", PAGE, "facts", FACTS),
                                MediaType.APPLICATION_JSON_TYPE)
                        : Response.ok(text(), MediaType.TEXT_PLAIN_TYPE))
                .header("Vary", "Accept")
                .build());
    }

    private static String text() {
        return """
                %s

                  who this hub is       %s
                  the API, to read      %s
                  the API, for programs %s

                The command line: perigee help
                """.formatted(WHAT, FACTS, PAGE, DOCUMENT);
    }
}
