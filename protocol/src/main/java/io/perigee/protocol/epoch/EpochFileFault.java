package io.perigee.protocol.epoch;

/** Bytes that are no epoch file. */
public final class EpochFileFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong; the names never change. */
    public enum Code {
        NOT_AN_EPOCH,
        BAD_HEADER,
        TOO_LONG,
        CUT_SHORT,
        TRAILING
    }

    private final Code code;

    EpochFileFault(Code code, String fact) {
        super("Expected to read an epoch file, but " + fact);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
