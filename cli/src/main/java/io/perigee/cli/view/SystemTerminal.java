package io.perigee.cli.view;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The terminal the process was started in. */
public final class SystemTerminal implements Terminal {
    private static final int DEFAULT_WIDTH = 100;
    private static final int DEFAULT_HEIGHT = 40;

    private final PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    private final PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    private final Map<String, String> environment;
    private final Optional<Console> console = Optional.ofNullable(System.console());
    private final boolean tty;
    private final boolean errorTty;
    private int width;
    private int height;
    private long measured;

    public SystemTerminal(Map<String, String> environment) {
        this.environment = environment;
        boolean able = !"dumb".equals(environment.get("TERM"));
        this.tty = able && isTerminal(1);
        this.errorTty = able && isTerminal(2);
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
        measure();
        return Math.max(width, 40);
    }

    @Override
    public int height() {
        measure();
        return height;
    }

    @Override
    public boolean interactive() {
        return tty;
    }

    @Override
    public boolean colour() {
        return tty && !environment.containsKey("NO_COLOR");
    }

    @Override
    public boolean errorColour() {
        return errorTty && !environment.containsKey("NO_COLOR");
    }

    @Override
    public boolean unicode() {
        var locale = environment.getOrDefault(
                "LC_ALL", environment.getOrDefault("LC_CTYPE", environment.getOrDefault("LANG", "")));
        return !locale.equals("POSIX") && !environment.containsKey("PERIGEE_ASCII");
    }

    @Override
    public Optional<String> secret(String question) {
        out.flush();
        return console.filter(_ -> tty)
                .map(open -> open.readPassword("%s", question))
                .map(String::new);
    }

    @Override
    public boolean confirm(String question) {
        out.flush();
        return console.filter(_ -> tty)
                .map(open -> open.readLine("%s [y/N] ", question))
                .filter(answer -> answer.strip().toLowerCase(Locale.ROOT).startsWith("y"))
                .isPresent();
    }

    /** The window may be resized, so it is measured again every second or so. */
    private void measure() {
        long now = System.nanoTime();
        if (width != 0 && now - measured < TimeUnit.SECONDS.toNanos(2)) {
            return;
        }
        measured = now;
        width = number(environment.get("COLUMNS"), DEFAULT_WIDTH);
        height = number(environment.get("LINES"), DEFAULT_HEIGHT);
        if (tty) {
            run("stty", "size")
                    .map(text -> text.split(" "))
                    .filter(parts -> parts.length == 2)
                    .ifPresent(parts -> {
                        height = number(parts[0], height);
                        width = number(parts[1], width);
                    });
        }
    }

    private static boolean isTerminal(int stream) {
        try {
            var process = new ProcessBuilder("test", "-t", Integer.toString(stream))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<String> run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/tty"))
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return Optional.of(new String(process.getInputStream().readNBytes(100), StandardCharsets.US_ASCII).strip());
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static int number(@Nullable String text, int fallback) {
        return text != null && text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : fallback;
    }
}
