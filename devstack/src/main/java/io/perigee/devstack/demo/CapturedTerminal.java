package io.perigee.devstack.demo;

import io.perigee.cli.view.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/** Keeps what a command says, for a program to read. */
final class CapturedTerminal implements Terminal {
    private final StringWriter said = new StringWriter();
    private final StringWriter complained = new StringWriter();
    private final PrintWriter out = new PrintWriter(said);
    private final PrintWriter err = new PrintWriter(complained);

    String said() {
        return said.toString();
    }

    String complained() {
        return complained.toString();
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
        return false;
    }

    @Override
    public boolean colour() {
        return false;
    }

    @Override
    public boolean unicode() {
        return false;
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
