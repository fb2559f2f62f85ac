package io.perigee.api.session;

import io.perigee.api.problem.Refused;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;

/** Lets nobody past without a session, except to what is marked {@link Anonymous}. */
@ApplicationScoped
public class Admission {
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST_TOKEN = 200;

    private final Sessions sessions;
    private final CurrentCaller current;
    private final RateLimits limits;
    private final Settings.Limits settings;
    private final Clock clock;

    Admission(Sessions sessions, CurrentCaller current, RateLimits limits, Settings settings, Clock clock) {
        this.sessions = sessions;
        this.current = current;
        this.limits = limits;
        this.settings = settings.api().limits();
        this.clock = clock;
    }

    Uni<Response> admit(ContainerRequestContext context, ResourceInfo resource, RoutingContext request) {
        var method = resource.getResourceMethod();
        if (method != null && method.isAnnotationPresent(Anonymous.class)) {
            limits.count(Address.of(request.request()), settings.requestsPerMinute(), clock.instant());
            return Uni.createFrom().nullItem();
        }
        return known(request.request()).map(caller -> {
            limits.count(caller.subject(), settings.requestsPerMinute(), clock.instant());
            current.is(caller);
            return null;
        });
    }

    /** Who asks, by the token it sends; fails with a {@link Refused} when it is nobody's. Nothing else is counted than guesses. */
    public Uni<Caller> known(HttpServerRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.startsWith(SCHEME) || header.length() > LONGEST_TOKEN) {
            return Uni.createFrom().failure(refusal("but there is none"));
        }
        // each costs a look into the database
        var guesses = "guesses " + Address.of(request);
        return Uni.createFrom()
                .deferred(() -> {
                    limits.check(guesses, settings.signInsPerMinute(), clock.instant());
                    return sessions.find(header.substring(SCHEME.length()));
                })
                .map(found -> found.orElseThrow(() -> {
                    limits.count(guesses, settings.signInsPerMinute(), clock.instant());
                    return refusal("but it is unknown or has expired");
                }));
    }

    private static Refused refusal(String fact) {
        return new Refused(ErrorCode.UNAUTHENTICATED, "Expected to read a bearer token of an open session, " + fact);
    }
}
