package io.perigee.eventlog.postgres;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database understood the statement and refused it: a constraint, a type, a syntax error. */
public final class SqlRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String state;
    private final @Nullable String constraint;

    SqlRefused(String state, @Nullable String constraint, @Nullable String message, Throwable cause) {
        super(message + " (" + state + ")", cause);
        this.state = state;
        this.constraint = constraint;
    }

    /** The five-letter SQLSTATE. */
    public String state() {
        return state;
    }

    /** The name of the constraint that was violated, when it was one. */
    public Optional<String> constraint() {
        return Optional.ofNullable(constraint);
    }

    public boolean uniqueViolation() {
        return state.equals("23505");
    }
}
