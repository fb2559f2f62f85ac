package io.perigee.api.problem;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.spec.Violation;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** Writes problem documents; nothing else in this process answers with an error. */
public final class Problems {
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPES = "/api/v1/problems/";

    private Problems() {}

    /** The document of a refusal that is part of a larger answer. */
    public static Problem of(Refused refused, String traceId) {
        var rejected = refused.rejected();
        return of(rejected.code(), rejected.detail(), refused.violations(), traceId);
    }

    static Problem of(ErrorCode code, String detail, List<Violation> violations, String traceId) {
        return of(HttpStatus.of(code), code, detail, code.hint(), violations, traceId);
    }

    static Problem of(
            int status, ErrorCode code, String detail, String hint, List<Violation> violations, String traceId) {
        return new Problem(
                TYPES + code.name(),
                title(code),
                status,
                code.name(),
                detail,
                hint,
                code.retryable(),
                traceId,
                violations);
    }

    static Problem slowBody(String detail, String traceId) {
        var code = ErrorCode.TIMED_OUT;
        return of(SlowBody.STATUS, code, detail, code.hint(), List.of(), traceId);
    }

    /** "Order expired" for ORDER_EXPIRED. */
    static String title(ErrorCode code) {
        var words = code.name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Answers outside the REST layer; does nothing when an answer has already begun. */
    public static void answer(RoutingContext request, ErrorCode code, String detail) {
        answer(request, of(code, detail, List.of(), Trace.of(request)));
    }

    static void answer(RoutingContext request, Problem problem) {
        var response = request.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        response.setStatusCode(problem.status())
                .putHeader("Content-Type", MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(Json.bytes(problem)));
    }
}
