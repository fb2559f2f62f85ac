package io.perigee.devstack;

/** Something a person can put right: shown as it is, without a stack trace. */
public final class Expected extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String hint;

    /**
     * @param message "Expected to …, but …"
     * @param hint what to do next
     */
    public Expected(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public Expected(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
