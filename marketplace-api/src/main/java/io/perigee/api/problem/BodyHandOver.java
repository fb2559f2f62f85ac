package io.perigee.api.problem;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Hands the body that {@link BodyLimit} has read, or an upload's as a stream, to the resource. */
@Singleton
final class BodyHandOver {
    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    void hand(ContainerRequestContext context, RoutingContext request) {
        UploadBody upload = request.get(UploadBody.KEY);
        if (upload != null) {
            context.setEntityStream(upload);
        }
        Buffer body = request.get(BodyLimit.BODY);
        if (body != null) {
            context.setEntityStream(new ByteArrayInputStream(body.getBytes()));
        }
    }
}
