package io.perigee.devstack.run;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Jvm;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Leaves a stack running, or stops it. */
public final class Up {
    /** Services that write their ahead-of-time caches take their time. */
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(4);
    /** Of what a keeper that is gone left behind. */
    private static final Duration LAST_TIMEOUT = Duration.ofSeconds(20);

    private final Checkout checkout;
    private final Console console;

    public Up(Checkout checkout, Console console) {
        this.checkout = checkout;
        this.console = console;
    }

    /**
     * Starts a keeper in a session of its own, shows what it says, and returns when the stack is ready; empty when the
     * keeper ended instead, having said why. Should this process be ended before, it ends the keeper first.
     */
    public Optional<RunningStack> start(List<String> keeperArguments) {
        Path state = checkout.state();
        var running = RunningStack.find(state);
        if (running.isPresent()) {
            console.line(
                    "The stack is up already, kept by process " + running.get().pid() + ".");
            return running;
        }
        KeeperNote.find(state).ifPresent(keeper -> {
            throw new Expected(
                    "Expected to start a stack in " + state + ", but process " + keeper.pid()
                            + " is just starting or stopping one there",
                    "Wait for it, or end it with './perigee down'");
        });
        Path log = state.resolve("logs").resolve("up.log");
        try {
            Files.createDirectories(log.getParent());
            Files.deleteIfExists(log);
            Process keeper = launch(keeperArguments, log);
            var hook = new Thread(() -> end(keeper.toHandle()), "end-keeper");
            Runtime.getRuntime().addShutdownHook(hook);
            var ready = follow(keeper, state, log);
            Runtime.getRuntime().removeShutdownHook(hook);
            return ready;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch(List<String> keeperArguments, Path log) throws IOException {
        var words = new ArrayList<String>();
        if (Child.onPath("setsid")) {
            // a session of its own: closing the terminal does not end it
            words.add("setsid");
        }
        words.add(Jvm.program());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-XX:AOT")) {
                words.add(option);
            }
        }
        words.add("-Dperigee.root=" + checkout.root());
        words.addAll(List.of("-cp", Jvm.classPath(), "io.perigee.devstack.Main", "keep"));
        words.addAll(keeperArguments);
        return new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Has no end of its own: each thing that the keeper waits for has one. */
    private Optional<RunningStack> follow(Process keeper, Path state, Path log) throws IOException {
        try (var reader = new RandomAccessFile(log.toFile(), "r")) {
            while (true) {
                boolean alive = keeper.isAlive();
                show(reader);
                Optional<RunningStack> ready = RunningStack.find(state);
                if (ready.isPresent() || !alive) {
                    return ready;
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(keeper.toHandle());
            return Optional.empty();
        }
    }

    private void show(RandomAccessFile reader) throws IOException {
        while (true) {
            long before = reader.getFilePointer();
            String line = reader.readLine();
            if (line == null) {
                return;
            }
            if (reader.getFilePointer() == reader.length() && !endsWithNewline(reader)) {
                // half a line: read it again when it is whole
                reader.seek(before);
                return;
            }
            console.line(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
    }

    private static boolean endsWithNewline(RandomAccessFile reader) throws IOException {
        long at = reader.getFilePointer();
        reader.seek(at - 1);
        return reader.read() == '\n';
    }

    /** Stops what {@link #start} left running, ready or not; nothing to stop is fine. */
    public void stop() {
        var keeper = KeeperNote.find(checkout.state());
        if (keeper.isEmpty()) {
            console.line("No stack is up in " + checkout.state() + ".");
            return;
        }
        if (RunningStack.find(checkout.state()).isEmpty()) {
            console.line("The stack is not up yet, or ends already; ending it.");
        }
        if (end(keeper.get())) {
            console.line("The stack is down.");
        } else {
            console.line("The stack did not stop in time and was killed; its processes ended with it.");
        }
        RunningStack.forget(checkout.state());
        KeeperNote.forget(checkout.state());
    }

    /** True when it ended by itself. Whatever it started is gone then, either way. */
    private static boolean end(ProcessHandle keeper) {
        var below = keeper.descendants().toList();
        keeper.destroy();
        boolean ended = gone(keeper, STOP_TIMEOUT);
        if (!ended) {
            keeper.destroyForcibly();
            gone(keeper, LAST_TIMEOUT);
        }
        for (ProcessHandle each : below) {
            if (!gone(each, LAST_TIMEOUT)) {
                each.destroyForcibly();
            }
        }
        return ended;
    }

    private static boolean gone(ProcessHandle process, Duration timeout) {
        try {
            process.onExit().get(timeout.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
