package io.perigee.agent.sandbox;

/** The container engine could not do what it was asked: it is away, out of space, or refused. */
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
