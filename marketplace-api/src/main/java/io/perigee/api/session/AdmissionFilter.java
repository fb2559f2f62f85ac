package io.perigee.api.session;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Filters are made before settings can be read, so this one only asks {@link Admission}, which is made at first use. */
@Singleton
final class AdmissionFilter {
    private final Admission admission;

    AdmissionFilter(Admission admission) {
        this.admission = admission;
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION, nonBlocking = true)
    Uni<Response> admit(ContainerRequestContext context, ResourceInfo resource, RoutingContext request) {
        return admission.admit(context, resource, request);
    }
}
