package io.perigee.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A process with a log file of its own, which ends when the JVM that started it ends, however that ends.
 *
 * <p>On Linux the kernel sends the death signal ({@code setpriv --pdeathsig}); it is tied to the <em>thread</em> that
 * forked, so every child is forked by one thread that lives as long as the JVM. Elsewhere a shutdown hook does what it
 * can.
 */
public final class Child {
    private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();
    private static final Duration READY_PAUSE = Duration.ofMillis(20);
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("child-forker").factory());
    private static final boolean CAN_TIE = System.getProperty("os.name").startsWith("Linux") && onPath("setpriv");

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::killAll, "kill-children"));
    }

    private static volatile boolean endedByOwner;

    /** The caller has a shutdown hook of its own that ends its children in order; nothing is killed before that. */
    public static void leaveToOwner() {
        endedByOwner = true;
    }

    private static void killAll() {
        if (!endedByOwner) {
            ALIVE.forEach(Child::kill);
        }
    }

    /** What to start. */
    public record Command(
            String name,
            List<String> words,
            Map<String, String> environment,
            Path directory,
            Path log,
            String deathSignal) {
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }

        public Command(String name, List<String> words, Path log) {
            this(name, words, Map.of(), Path.of("").toAbsolutePath(), log, "KILL");
        }

        public Command withEnvironment(Map<String, String> more) {
            var all = new LinkedHashMap<>(environment);
            all.putAll(more);
            return new Command(name, words, all, directory, log, deathSignal);
        }

        public Command in(Path newDirectory) {
            return new Command(name, words, environment, newDirectory, log, deathSignal);
        }

        /** The signal the child gets when this JVM dies: {@code KILL} unless it needs a moment to tidy up. */
        public Command dyingBy(String signal) {
            return new Command(name, words, environment, directory, log, signal);
        }
    }

    private final Command command;
    private final Process process;

    private Child(Command command, Process process) {
        this.command = command;
        this.process = process;
        ALIVE.add(this);
        var _ = process.onExit().thenRun(() -> ALIVE.remove(this));
    }

    /**
     * Starts the command; output and errors are appended to its log file.
     *
     * @throws UncheckedIOException when the program is missing or its log cannot be written
     */
    public static Child start(Command command) {
        var words = new ArrayList<String>();
        // a new user namespace clears the death signal, so the tie goes behind "unshare"
        var rest = new ArrayList<>(command.words());
        if (!rest.isEmpty() && rest.get(0).equals("unshare")) {
            words.add(rest.removeFirst());
            while (rest.getFirst().startsWith("-")) {
                words.add(rest.removeFirst());
            }
        }
        if (CAN_TIE) {
            words.addAll(List.of("setpriv", "--pdeathsig", command.deathSignal(), "--"));
        }
        words.addAll(rest);
        try {
            Files.createDirectories(command.log().toAbsolutePath().getParent());
            var builder = new ProcessBuilder(words)
                    .directory(command.directory().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(command.log().toFile()))
                    .redirectErrorStream(true);
            builder.environment().putAll(command.environment());
            return new Child(command, FORKER.submit(builder::start).get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new UncheckedIOException(
                    new IOException("Expected to start " + command.name() + ", but " + cause.getMessage(), cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting " + command.name(), e);
        }
    }

    public String name() {
        return command.name();
    }

    public Command command() {
        return command;
    }

    public Path log() {
        return command.log();
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Waits until it does its work: as long as it lives, and at most the patience. One that does not is killed.
     *
     * @throws NotReady when it ends before, or takes too long
     */
    public void awaitReady(Duration patience, Await.Condition ready) {
        long end = System.nanoTime() + patience.toNanos();
        Exception last = null;
        boolean served = false;
        try {
            while (!served) {
                if (!alive()) {
                    throw new NotReady(this, "it ended with status " + exitStatus(), last);
                }
                if (System.nanoTime() >= end) {
                    throw new NotReady(this, "after %d s it is not".formatted(patience.toSeconds()), last);
                }
                try {
                    served = ready.holds();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    last = e;
                }
                if (!served) {
                    Thread.sleep(READY_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + name(), e);
        } finally {
            if (!served) {
                kill();
            }
        }
    }

    /** The exit status, or -1 while it runs. */
    public int exitStatus() {
        return process.isAlive() ? -1 : process.exitValue();
    }

    /** Waits for the end; true when it came in time. */
    public boolean awaitEnd(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** {@code kill -9}, and waits until the process is gone. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(5));
    }

    /** {@code kill -TERM}; {@code kill -9} when it has not ended in time. Waits until the process is gone. */
    public void stop(Duration grace) {
        process.destroy();
        if (!awaitEnd(grace)) {
            kill();
        }
    }

    /** Sends the named signal, for example {@code STOP} or {@code CONT}. */
    public void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines of the log that are no stack frames, for error messages. */
    public String logTail(int lines) {
        try {
            var all = Files.readAllLines(log()).stream()
                    .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t... "))
                    .toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Resident memory of the process and its descendants in bytes, 0 where the system does not tell. */
    public long residentBytes() {
        long sum = Resident.bytes(pid());
        for (ProcessHandle each : process.descendants().toList()) {
            sum += Resident.bytes(each.pid());
        }
        return sum;
    }

    /** Whether a program of this name is on the PATH. */
    public static boolean onPath(String program) {
        for (String part : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!part.isEmpty() && Files.isExecutable(Path.of(part, program))) {
                return true;
            }
        }
        return false;
    }
}
