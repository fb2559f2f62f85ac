package io.perigee.eventlog.key;

import io.perigee.eventlog.TryLater;

/** The remote signer gave no signature that can be used. Nothing is lost: the work stays where it is and is tried again. */
public final class SignerFault extends TryLater {
    private static final long serialVersionUID = 1L;

    /** What is wrong. All but the first need a person. */
    public enum Kind {
        /** It did not answer in time, or said that it cannot at the moment. */
        DOWN,
        /** It answered that it will not: no access, or not the interface that is spoken here. */
        REFUSED,
        /** It does not have the key. */
        UNKNOWN_KEY,
        /** It signed with another key than it was asked for. */
        WRONG_KEY,
        /** What it answered is too long, or no signature. */
        MALFORMED
    }

    private final Kind kind;

    SignerFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    SignerFault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
