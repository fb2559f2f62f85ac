package io.perigee.eventlog;

/**
 * Something the work needs is not there at the moment: the database, the broker, the chain. The record stays where it
 * is and is tried again, for as long as it takes.
 */
public class TryLater extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TryLater(String message, Throwable cause) {
        super(message, cause);
    }

    public TryLater(String message) {
        super(message);
    }
}
