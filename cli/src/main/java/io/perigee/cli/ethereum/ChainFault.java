package io.perigee.cli.ethereum;

import io.perigee.protocol.error.ErrorCode;

/** The chain refused, or did not answer. */
public final class ChainFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;

    public ChainFault(ErrorCode code, String detail, String hint) {
        super(detail);
        this.code = code;
        this.hint = hint;
    }

    ChainFault(String detail, String hint) {
        this(ErrorCode.CHAIN_ERROR, detail, hint);
    }

    public ErrorCode code() {
        return code;
    }

    public String hint() {
        return hint;
    }
}
