package io.perigee.protocol.fact;

import java.util.Optional;

/** Why an attempt failed. The first three are exit codes of the container contract. */
public enum FailureKind {
    BAD_SPEC(64),
    BAD_DATA(65),
    YIELDED(75),
    OUT_OF_MEMORY(0),
    CRASHED(0),
    TIMED_OUT(0),
    CONTRACT_BROKEN(0),
    INPUT_UNAVAILABLE(0),
    BAD_CHECKPOINT(0),
    ENGINE(0);

    private final int exitCode;

    FailureKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The kind a container's exit code says by itself; empty for 0 and for codes without a meaning. */
    public static Optional<FailureKind> ofExitCode(int exitCode) {
        return switch (exitCode) {
            case 64 -> Optional.of(BAD_SPEC);
            case 65 -> Optional.of(BAD_DATA);
            case 75 -> Optional.of(YIELDED);
            default -> Optional.empty();
        };
    }

    /** The container contract's exit code of this kind; 0 when it has none. */
    public int exitCode() {
        return exitCode;
    }
}
