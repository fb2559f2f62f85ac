package io.perigee.cli;

import io.perigee.protocol.error.ErrorCode;

/** Something the user asked for cannot be done here, before anybody else was asked. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;

    public Refusal(ErrorCode code, String detail, String hint) {
        super(detail);
        this.code = code;
        this.hint = hint;
    }

    public ErrorCode code() {
        return code;
    }

    public String hint() {
        return hint;
    }
}
