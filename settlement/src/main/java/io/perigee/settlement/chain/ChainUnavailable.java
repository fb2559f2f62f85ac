package io.perigee.settlement.chain;

/** The node did not answer, or not sensibly. Nothing is known; the same question is asked again later. */
public final class ChainUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChainUnavailable(String message) {
        super(message);
    }

    public ChainUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
