package io.perigee.api.problem;

import io.perigee.protocol.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** Answers what reached no resource, in the same shape as everything else. */
@Singleton
final class LastResort {
    private static final Logger LOG = Logger.getLogger(LastResort.class);

    void install(@Observes Router router) {
        router.route().last().handler(this::nothingHere);
        router.route().last().failureHandler(this::failed);
    }

    private void nothingHere(RoutingContext request) {
        Problems.answer(
                request,
                Problems.of(
                        404,
                        ErrorCode.NOT_FOUND,
                        "Expected to find '%s', but there is nothing".formatted(request.normalizedPath()),
                        "See /q/openapi for every path",
                        List.of(),
                        Trace.of(request)));
    }

    private void failed(RoutingContext request) {
        var status = request.statusCode();
        if (status < 400 || status >= 500) {
            LOG.errorf(request.failure(), "request failed traceId=%s", Trace.of(request));
            Problems.answer(request, ErrorCode.INTERNAL, "Expected to serve the request, but something here is broken");
            return;
        }
        var code = HttpStatus.codeOf(status);
        Problems.answer(
                request,
                Problems.of(
                        status,
                        code,
                        "Expected to serve the request, but it is not well-formed",
                        code.hint(),
                        List.of(),
                        Trace.of(request)));
    }
}
