package io.perigee.eventlog;

/** No attempt to process this record can ever succeed: it goes to the dead letters, and its partition goes on. */
public final class Unprocessable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final DeadReason reason;

    public Unprocessable(DeadReason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public DeadReason reason() {
        return reason;
    }
}
