package io.perigee.trainers.strict.failure;

/** Exit codes of the container contract. */
public enum Exit {
    DONE(0),
    BAD_SPEC(64),
    BAD_DATA(65),
    /** Anything the contract has no code for: a bug, a full disk, a broken machine. */
    FAILED(70),
    YIELDED(75);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
