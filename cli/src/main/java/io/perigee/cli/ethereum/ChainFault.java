package io.perigee.cli.ethereum;

import io.perigee.protocol.error.ErrorCode;

/** The chain refused, or did not answer. */
public final class ChainFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;
    private final String reason;

    public ChainFault(ErrorCode code, String detail, String hint) {
        this(code, detail, hint, "");
    }

    ChainFault(ErrorCode code, String detail, String hint, String reason) {
        super(detail);
        this.code = code;
        this.hint = hint;
        this.reason = reason;
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

    /** The name of the contract's own error, such as StillLocked; empty when no contract refused. */
    public String reason() {
        return reason;
    }
}
