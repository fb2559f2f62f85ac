package io.perigee.api.job;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.CurrentCaller;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.rest.ProviderWhy;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Why providers got the work they got, for their owners only. */
@Path("/api/v1/providers/{id}/why")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Providers")
public class ReasonResource {
    private final ProviderReasons reasons;
    private final CurrentCaller caller;

    ReasonResource(ProviderReasons reasons, CurrentCaller caller) {
        this.reasons = reasons;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "For its owner: why a provider got the work it got in the last 24 hours")
    public Uni<ProviderWhy> why(@PathParam("id") String id) {
        return reasons.why(caller.get().builder(), provider(id));
    }

    private static ProviderId provider(String text) {
        try {
            return ProviderId.parse(text);
        } catch (InvalidValue invalid) {
            throw new Refused(ErrorCode.NOT_FOUND, String.valueOf(invalid.getMessage()));
        }
    }
}
