package io.perigee.protocol.command;

import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import org.jspecify.annotations.Nullable;

/** The attempt failed. */
public record ReportFailure(
        JobId jobId,
        Digest assignmentHash,
        FailureKind kind,
        @Nullable Integer exitCode,
        String detail) implements Command {}
