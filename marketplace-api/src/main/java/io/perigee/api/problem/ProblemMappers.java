package io.perigee.api.problem;

import io.perigee.api.persistence.postgres.DatabaseFaults;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.Problem;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.TimeoutException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure of a resource ends here and leaves as a problem document that names no class of ours. */
@Singleton
final class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** Headers of the machinery's refusals that say what would be right. */
    private static final List<String> KEPT = List.of(HttpHeaders.ALLOW, "Content-Range");

    private final CurrentVertxRequest request;

    ProblemMappers(CurrentVertxRequest request) {
        this.request = request;
    }

    @ServerExceptionMapper
    Response refused(Refused refused) {
        var rejected = refused.rejected();
        return response(
                Problems.of(rejected.code(), rejected.detail(), refused.violations(), trace()), refused.retryAfter());
    }

    @ServerExceptionMapper
    Response slowBody(SlowBody slow) {
        return response(Problems.slowBody(String.valueOf(slow.getMessage()), trace()));
    }

    @ServerExceptionMapper
    Response invalid(InvalidValue invalid) {
        return response(Problems.of(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage()), List.of(), trace()));
    }

    /** What the HTTP machinery refuses: unknown paths, methods and media types. */
    @ServerExceptionMapper
    Response http(WebApplicationException refusal) {
        var original = refusal.getResponse();
        var status = original.getStatus();
        if (status < 400) {
            return original;
        }
        if (status >= 500) {
            return unexpected(refusal);
        }
        var answer = Response.fromResponse(response(described(status, original)));
        for (var name : KEPT) {
            var value = original.getHeaderString(name);
            if (value != null) {
                answer.header(name, value);
            }
        }
        return answer.build();
    }

    private Problem described(int status, Response original) {
        var asked = request.getCurrent().request();
        var line = asked.method() + " " + shown(Objects.requireNonNullElse(asked.path(), ""));
        var allowed = original.getHeaderString(HttpHeaders.ALLOW);
        return switch (status) {
            case 404 ->
                problem(
                        404,
                        "Expected to find '%s', but there is nothing".formatted(line),
                        "See /q/openapi for every path");
            case 405 ->
                problem(
                        405,
                        "Expected to serve '%s', but this path knows other methods".formatted(line),
                        allowed == null ? "See /q/openapi for the methods of every path" : "Use " + allowed);
            case 406 ->
                problem(
                        406,
                        "Expected to answer '%s' in a media type of its Accept header, but none is offered"
                                .formatted(line),
                        "Accept application/json");
            case 415 ->
                problem(
                        415,
                        "Expected to read the body of '%s', but its Content-Type is not one of this path's"
                                .formatted(line),
                        "See /q/openapi for the media types of every path");
            case 416 ->
                problem(
                        416,
                        "Expected a range inside the content of '%s', but it starts beyond its end".formatted(line),
                        "HEAD it to learn its size");
            default ->
                problem(
                        status,
                        "Expected to serve '%s', but the request is not well-formed".formatted(line),
                        HttpStatus.codeOf(status).hint());
        };
    }

    @ServerExceptionMapper
    Response timedOut(TimeoutException timeout) {
        return response(Problems.of(
                ErrorCode.TIMED_OUT, "Expected to hear from the database in time, but it is slow", List.of(), trace()));
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure) {
        if (DatabaseFaults.isAway(failure)) {
            LOG.warnf(failure, "database unavailable traceId=%s", trace());
            return response(Problems.of(
                    ErrorCode.UNAVAILABLE, "Expected to reach the database, but it is not there", List.of(), trace()));
        }
        LOG.errorf(failure, "request failed traceId=%s", trace());
        return response(Problems.of(
                ErrorCode.INTERNAL, "Expected to serve the request, but something here is broken", List.of(), trace()));
    }

    private Problem problem(int status, String detail, String hint) {
        return Problems.of(status, HttpStatus.codeOf(status), detail, hint, List.of(), trace());
    }

    private Response response(Problem problem) {
        return response(problem, Refused.SOON);
    }

    private static Response response(Problem problem, int retryAfter) {
        var response = Response.status(problem.status())
                .type(Problems.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(problem);
        if (problem.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"perigee\"");
        }
        if (problem.status() == 429 || problem.status() == 503) {
            response.header(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfter));
        }
        return response.build();
    }

    private String trace() {
        return Trace.of(request.getCurrent());
    }

    private static String shown(String path) {
        return path.length() > 200 ? path.substring(0, 200) + "…" : path;
    }
}
