package io.perigee.cli.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicReference;

/** Writes a program's input beside it, since a pipe takes no more than the program reads. */
final class Feed {
    private final AtomicReference<RuntimeException> fault = new AtomicReference<>();

    private Feed() {}

    static Feed of(Program.Input input, OutputStream target) {
        var feed = new Feed();
        Thread.ofVirtual().start(() -> feed.write(input, target));
        return feed;
    }

    /** Throws what kept the input from being made. */
    void check() {
        var found = fault.get();
        if (found != null) {
            throw found;
        }
    }

    private void write(Program.Input input, OutputStream target) {
        try {
            input.writeTo(target);
        } catch (IOException _) {
            // it reads no more: how it ends says why
        } catch (RuntimeException e) {
            // before the end of its input tells the program to end, which is when the fault is looked for
            fault.set(e);
        } finally {
            close(target);
        }
    }

    private static void close(OutputStream target) {
        try {
            target.close();
        } catch (IOException _) {
            // it reads no more
        }
    }
}
