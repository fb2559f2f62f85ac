package io.perigee.api.problem;

import io.perigee.api.settings.Settings;
import io.perigee.protocol.error.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Reads the whole of every body but uploads before anything else looks at it, and stops at the limit.
 *
 * <p>A body that says beforehand that it is too large is refused at its headers. What a refused sender still sends is
 * thrown away for a moment, so that it sees the answer and not a reset connection; then the connection is closed.
 */
@Singleton
final class BodyLimit {
    private static final int BEFORE_EVERYTHING = 10_000;
    private static final long LINGER_MILLIS = 5_000;
    private static final long READ_MILLIS = 30_000;
    static final String BODY = "perigee.body";

    private final Vertx vertx;
    private final long limit;

    BodyLimit(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.limit = settings.api().limits().json().asLongValue();
    }

    void install(@Observes Filters filters) {
        filters.register(this::read, BEFORE_EVERYTHING);
    }

    private void read(RoutingContext request) {
        var http = request.request();
        var method = http.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || isUpload(request)) {
            request.next();
            return;
        }
        if (declared(request) > limit) {
            refuse(request);
            return;
        }
        var body = Buffer.buffer();
        var timer = vertx.setTimer(READ_MILLIS, late -> {
            Problems.answer(
                    request, ErrorCode.TIMED_OUT, "Expected to read the whole body in 30 s, but it did not come");
            http.connection().close();
        });
        http.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                vertx.cancelTimer(timer);
                refuse(request);
                return;
            }
            body.appendBuffer(chunk);
        });
        http.exceptionHandler(broken -> vertx.cancelTimer(timer));
        http.endHandler(end -> {
            vertx.cancelTimer(timer);
            if (!request.response().ended()) {
                request.put(BODY, body);
                request.next();
            }
        });
        http.resume();
    }

    private void refuse(RoutingContext request) {
        var http = request.request();
        http.handler(thrownAway -> {});
        http.endHandler(end -> http.connection().close());
        request.response().putHeader("Connection", "close");
        Problems.answer(
                request,
                ErrorCode.TOO_LARGE,
                "Expected to read a body of at most %d bytes, but this one is larger".formatted(limit));
        vertx.setTimer(LINGER_MILLIS, late -> http.connection().close());
        http.resume();
    }

    private static boolean isUpload(RoutingContext request) {
        return request.request().method().equals(HttpMethod.PATCH)
                && request.normalizedPath().startsWith("/api/v1/artifacts/uploads/");
    }

    private static long declared(RoutingContext request) {
        var length = request.request().getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
