package io.perigee.agent.execution;

import io.perigee.protocol.fact.FailureKind;
import org.jspecify.annotations.Nullable;

/** Ends the attempt with what is reported to the hub. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    static final int LONGEST_DETAIL = 1_000;

    private final FailureKind kind;
    private final @Nullable Integer exitCode;
    private final boolean interruption;

    Failure(FailureKind kind, String detail) {
        this(kind, null, detail);
    }

    Failure(FailureKind kind, @Nullable Integer exitCode, String detail) {
        this(kind, exitCode, detail, false);
    }

    private Failure(FailureKind kind, @Nullable Integer exitCode, String detail, boolean interruption) {
        super(Text.bounded(detail, LONGEST_DETAIL));
        this.kind = kind;
        this.exitCode = exitCode;
        this.interruption = interruption;
    }

    /** The same as an interruption: it says nothing of the job, so another container may go on. */
    Failure fromOutside() {
        return new Failure(kind, exitCode, String.valueOf(getMessage()), true);
    }

    boolean isInterruption() {
        return interruption;
    }

    Phase.Failed phase() {
        return new Phase.Failed(kind, exitCode, String.valueOf(getMessage()));
    }
}
