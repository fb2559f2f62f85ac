package io.perigee.cli.view;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/** A terminal that keeps what was written; nobody sits at it. */
public class PaperTerminal implements Terminal {
    private final StringWriter outText = new StringWriter();
    private final StringWriter errText = new StringWriter();
    private final PrintWriter out = new PrintWriter(outText);
    private final PrintWriter err = new PrintWriter(errText);
    private final boolean interactive;

    public PaperTerminal() {
        this(false);
    }

    public PaperTerminal(boolean interactive) {
        this.interactive = interactive;
    }

    public String text() {
        out.flush();
        return outText.toString();
    }

    public String errors() {
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
        return 40;
    }

    @Override
    public boolean interactive() {
        return interactive;
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
