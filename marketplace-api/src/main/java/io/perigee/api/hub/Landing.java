package io.perigee.api.hub;

import io.perigee.protocol.codec.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * For whoever opens the hub's address: what this is, and where to go on. No resource: one at the root would answer OPTIONS
 * of every path that is not there.
 */
@Singleton
final class Landing {
    private static final String WHAT = "A Perigee hub: strangers' machines run fine-tuning jobs, verified and paid.";
    private static final String DOCUMENT = "/q/openapi";
    private static final String PAGE = "/q/swagger-ui";
    private static final String FACTS = "/api/v1/hub";
    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";

    void install(@Observes Router router) {
        router.route("/")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .produces(TEXT)
                .produces(JSON)
                .handler(Landing::land);
    }

    private static void land(RoutingContext request) {
        boolean json = JSON.equals(request.getAcceptableContentType());
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, json ? JSON : TEXT + ";charset=UTF-8")
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .end(
                        json
                                ? Buffer.buffer(Json.bytes(
                                        Map.of("what", WHAT, "document", DOCUMENT, "page", PAGE, "facts", FACTS)))
                                : Buffer.buffer(text()));
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
