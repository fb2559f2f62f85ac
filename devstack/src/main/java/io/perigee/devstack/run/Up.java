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

/** Leaves a stack running, or stops it. */
public final class Up {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);

    private final Checkout checkout;
    private final Console console;

    public Up(Checkout checkout, Console console) {
        this.checkout = checkout;
        this.console = console;
    }

    /** Starts a keeper in a session of its own, shows what it says, and returns when the stack is ready. */
    public RunningStack start(List<String> keeperArguments) {
        Path state = checkout.state();
        var running = RunningStack.find(state);
        if (running.isPresent()) {
            console.line(
                    "The stack is up already, kept by process " + running.get().pid() + ".");
            return running.get();
        }
        Path log = state.resolve("logs").resolve("up.log");
        try {
            Files.createDirectories(log.getParent());
            Files.deleteIfExists(log);
            Process keeper = launch(keeperArguments, log);
            return follow(keeper, state, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(List<String> keeperArguments, Path log) throws IOException {
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
        words.addAll(List.of("-cp", Jvm.classPath(), "io.perigee.devstack.Main", "keep"));
        words.addAll(keeperArguments);
        return new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private RunningStack follow(Process keeper, Path state, Path log) throws IOException {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        try (var reader = new RandomAccessFile(log.toFile(), "r")) {
            while (System.nanoTime() < end) {
                boolean alive = keeper.isAlive();
                show(reader);
                Optional<RunningStack> ready = RunningStack.find(state);
                if (ready.isPresent()) {
                    return ready.get();
                }
                if (!alive) {
                    throw new Expected("Expected the stack to start, but it did not", "Read " + log);
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keeper.destroy();
        throw new Expected(
                "Expected the stack to be ready within " + START_TIMEOUT.toMinutes() + " minutes, but it is not",
                "Read " + log);
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

    /** Stops what {@link #start} left running; nothing to stop is fine. */
    public void stop() {
        var running = RunningStack.find(checkout.state());
        if (running.isEmpty()) {
            console.line("No stack is up in " + checkout.state() + ".");
            return;
        }
        ProcessHandle keeper = ProcessHandle.of(running.get().pid()).orElseThrow();
        keeper.destroy();
        try {
            keeper.onExit().get(STOP_TIMEOUT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
            console.line("The stack is down.");
        } catch (java.util.concurrent.TimeoutException e) {
            keeper.destroyForcibly();
            console.line("The stack did not stop in time and was killed; its processes ended with it.");
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            RunningStack.forget(checkout.state());
        }
    }
}
