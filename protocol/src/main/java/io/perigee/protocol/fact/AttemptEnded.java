package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import org.jspecify.annotations.Nullable;

/**
 * An attempt is over.
 *
 * @param kind why it failed; null unless {@code end} is FAILED
 * @param exitCode the container's, when it had one
 */
public record AttemptEnded(
        JobId jobId,
        int attempt,
        AttemptEnd end,
        @Nullable FailureKind kind,
        @Nullable Integer exitCode,
        String detail) implements JobFact {}
