package io.perigee.devstack.demo;

import io.perigee.cli.view.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/** A terminal nobody looks at; what is written is kept. */
final class SilentTerminal implements Terminal {
    private final StringWriter outText = new StringWriter();
    private final StringWriter errText = new StringWriter();
    private final PrintWriter out = new PrintWriter(outText);
    private final PrintWriter err = new PrintWriter(errText);

    String text() {
        out.flush();
        return outText.toString();
    }

    String errors() {
        err.flush();
        return errText.toString();
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public PrintWriter err() {
        return err;
    }

    @Override
    public int width() {
        return 100;
    }

    @Override
    public int height() {
        return 24;
    }

    @Override
    public boolean interactive() {
        return false;
    }

    @Override
    public boolean colour() {
        return false;
    }

    @Override
    public boolean unicode() {
        return true;
    }

    @Override
    public Optional<String> secret(String question) {
        return Optional.empty();
    }

    @Override
    public boolean confirm(String question) {
        return false;
    }
}
