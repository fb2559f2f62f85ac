package io.perigee.agent.execution;

import io.perigee.protocol.fact.FailureKind;
import org.jspecify.annotations.Nullable;

/** Ends the attempt with what is reported to the hub. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    static final int LONGEST_DETAIL = 1_000;

    private final FailureKind kind;
    private final @Nullable Integer exitCode;

    Failure(FailureKind kind, String detail) {
        this(kind, null, detail);
    }

    Failure(FailureKind kind, @Nullable Integer exitCode, String detail) {
        super(Text.bounded(detail, LONGEST_DETAIL));
        this.kind = kind;
        this.exitCode = exitCode;
    }

    Phase.Failed phase() {
        return new Phase.Failed(kind, exitCode, String.valueOf(getMessage()));
    }
}
