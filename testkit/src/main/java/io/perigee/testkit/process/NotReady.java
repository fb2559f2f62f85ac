package io.perigee.testkit.process;

import org.jspecify.annotations.Nullable;

/** A process that ended, or took too long, before it did its work; the message names its log and how that ends. */
public final class NotReady extends IllegalStateException {
    private static final long serialVersionUID = 1L;
    private static final int LINES = 5;

    NotReady(Child child, String fact, @Nullable Throwable cause) {
        super("Expected %s to be ready, but %s. %s".formatted(child.name(), fact, log(child)), cause);
    }

    private static String log(Child child) {
        String end = child.logTail(LINES);
        return end.isBlank()
                ? "Its log %s is empty".formatted(child.log())
                : "Its log %s ends with%n%s"
                        .formatted(child.log(), end.indent(4).stripTrailing());
    }
}
