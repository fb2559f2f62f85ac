package io.perigee.trainers.strict.job;

import java.util.Optional;

/** How the order says the dataset's rows are written. */
public enum RowForm {
    ANY("auto"),
    PROMPT("prompt"),
    MESSAGES("messages"),
    TEXT("text");

    private final String wire;

    RowForm(String wire) {
        this.wire = wire;
    }

    /** As the spec writes it. */
    public String wire() {
        return wire;
    }

    public static Optional<RowForm> named(String wire) {
        for (RowForm form : values()) {
            if (form.wire.equals(wire)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Whether rows of {@code other} may stand in the dataset. */
    public boolean takes(RowForm other) {
        return this == ANY || this == other;
    }
}
