package io.perigee.api.job;

import io.perigee.api.session.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Looks for the job before its stream begins, because a stream that has begun can no longer answer with a problem. */
@Singleton
final class EventAccess {
    private final JobBook book;
    private final CurrentCaller caller;

    EventAccess(JobBook book, CurrentCaller caller) {
        this.book = book;
        this.caller = caller;
    }

    @ServerRequestFilter(priority = Priorities.AUTHORIZATION, nonBlocking = true)
    Uni<Response> look(ResourceInfo resource, UriInfo uri) {
        if (!EventResource.class.equals(resource.getResourceClass())) {
            return Uni.createFrom().nullItem();
        }
        var id = uri.getPathParameters().getFirst("id");
        return book.find(caller.get().builder(), JobResource.id(id)).map(found -> {
            if (found.isEmpty()) {
                throw JobResource.missing(id);
            }
            return null;
        });
    }
}
