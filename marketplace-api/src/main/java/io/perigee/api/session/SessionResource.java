package io.perigee.api.session;

import io.perigee.api.settings.Settings;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.SessionView;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Signing in. */
@Path("/api/v1/sessions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions")
public final class SessionResource {
    private final Sessions sessions;
    private final RateLimits limits;
    private final int signInsPerMinute;
    private final Clock clock;

    SessionResource(Sessions sessions, RateLimits limits, Settings settings, Clock clock) {
        this.sessions = sessions;
        this.limits = limits;
        this.signInsPerMinute = settings.api().limits().signInsPerMinute();
        this.clock = clock;
    }

    @POST
    @Path("/challenges")
    @Anonymous
    @ResponseStatus(201)
    @APIResponseSchema(value = Challenge.class, responseCode = "201")
    @Operation(summary = "Get a nonce to sign with a wallet (EIP-191)")
    public Uni<Challenge> challenge(ChallengeRequest request, @Context RoutingContext routing) {
        count(routing);
        return sessions.challenge(request.address(), request.origin());
    }

    @POST
    @Anonymous
    @ResponseStatus(201)
    @APIResponseSchema(value = SessionView.class, responseCode = "201")
    @Operation(summary = "Answer a challenge with its signature and get a bearer token")
    public Uni<SessionView> open(SessionRequest request, @Context RoutingContext routing) {
        count(routing);
        return sessions.open(request);
    }

    private void count(RoutingContext routing) {
        limits.count("sign-in " + Address.of(routing.request()), signInsPerMinute, clock.instant());
    }
}
