package io.perigee.devstack;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** One line for each thing that happens. Safe for use by many threads. */
public final class Console {
    private final PrintStream out;

    public Console(PrintStream out) {
        this.out = out;
    }

    /** Announces something that is about to be done to the machine. */
    public void announce(String what) {
        line("» " + what);
    }

    /** A thing is ready. */
    public void ready(String name, String detail, Duration took) {
        line(String.format(Locale.ROOT, "  %-12s %-58s %5.1f s", name, detail, took.toMillis() / 1000.0));
    }

    public void line(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    public PrintStream stream() {
        return out;
    }
}
