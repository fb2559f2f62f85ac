package io.perigee.protocol.rest;

import io.perigee.protocol.spec.Violation;
import java.util.List;

/**
 * An error (RFC 9457).
 *
 * @param code an {@code ErrorCode}; text, so that an older client can read a newer hub's
 * @param detail "Expected to …, but …"
 */
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        String hint,
        boolean retryable,
        String traceId,
        List<Violation> violations) {
    public Problem {
        violations = List.copyOf(violations);
    }
}
