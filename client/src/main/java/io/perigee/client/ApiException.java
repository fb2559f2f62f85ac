package io.perigee.client;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal by the hub, or the failure to reach it: always with a code, a detail and a hint. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;

    public ApiException(Problem problem) {
        this(problem, (Duration) null);
    }

    /** @param retryAfter in what time the hub wants to be asked again, if it said so */
    public ApiException(Problem problem, @Nullable Duration retryAfter) {
        super(problem.detail());
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    private ApiException(Problem problem, Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
        this.retryAfter = null;
    }

    static ApiException of(ErrorCode code, String detail, String hint) {
        return new ApiException(local(code, detail, hint));
    }

    static ApiException of(ErrorCode code, String detail) {
        return of(code, detail, code.hint());
    }

    static ApiException unreachable(URI uri, Throwable cause) {
        var reason = cause.getMessage() == null ? "the connection failed" : cause.getMessage();
        return new ApiException(
                local(
                        ErrorCode.UNAVAILABLE,
                        "Expected to reach the hub at '%s', but %s".formatted(uri, reason),
                        "Check that the hub runs and that the address is right"),
                cause);
    }

    private static Problem local(ErrorCode code, String detail, String hint) {
        return new Problem("about:blank", code.name(), 0, code.name(), detail, hint, code.retryable(), "", List.of());
    }

    /** What the hub said; status 0 when it never answered. */
    public Problem problem() {
        return problem;
    }

    /** The code, when this release knows it. */
    public Optional<ErrorCode> code() {
        try {
            return Optional.of(ErrorCode.valueOf(problem.code()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public boolean is(ErrorCode code) {
        return problem.code().equals(code.name());
    }

    /** In what time the hub wants to be asked again; empty when it did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The HTTP status; 0 when the hub never answered. */
    public int status() {
        return problem.status();
    }
}
