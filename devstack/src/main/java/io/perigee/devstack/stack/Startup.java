package io.perigee.devstack.stack;

import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.testkit.process.NotReady;
import io.perigee.testkit.process.Patience;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parts that start beside each other. Says now and then what a long start waits for; the first part that fails fails the
 * start, whatever the others do.
 */
final class Startup implements AutoCloseable {
    private final Console console;
    private final Duration quiet;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> waiting = new ConcurrentSkipListMap<>();
    private final CompletableFuture<Object> failure = new CompletableFuture<>();
    private volatile boolean closed;

    /** @param quiet how long nothing is said */
    Startup(Console console, Duration quiet) {
        this.console = console;
        this.quiet = quiet;
        threads.execute(this::tell);
    }

    <T> CompletableFuture<T> begin(String name, Supplier<T> work) {
        var part = new CompletableFuture<T>();
        threads.execute(() -> {
            Thread.currentThread().setName("start-" + name);
            waiting.put(name, System.nanoTime());
            try {
                part.complete(work.get());
                waiting.remove(name);
            } catch (RuntimeException | Error e) {
                failure.completeExceptionally(e);
                part.completeExceptionally(e);
            }
        });
        return part;
    }

    /**
     * Waits for the part, as long as no other fails.
     *
     * @throws Expected when a process ended, or took too long
     */
    <T extends @Nullable Object> T await(CompletableFuture<T> part) {
        try {
            CompletableFuture.anyOf(part, failure).join();
            return part.join();
        } catch (CompletionException e) {
            throw told(e.getCause());
        }
    }

    private RuntimeException told(@Nullable Throwable cause) {
        if (closed) {
            return new Expected("Expected to start the stack, but it was told to stop", "Start it again");
        }
        if (cause instanceof NotReady failed) {
            return new Expected(
                    failed.getMessage() + "\n  not ready: " + String.join(", ", waiting.keySet()),
                    "Read the log; where the machine is only slow (%s), name more minutes: %s=30"
                            .formatted(load(), Patience.VARIABLE),
                    failed);
        }
        if (cause instanceof UncheckedIOException failed) {
            return new Expected(String.valueOf(failed.getMessage()), "Read the logs of this start", failed);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException fault ? fault : new IllegalStateException(cause);
    }

    private void tell() {
        Duration pause = quiet;
        while (!closed && !failure.isDone()) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            String late = waiting.entrySet().stream()
                    .map(each -> Map.entry(each.getKey(), Duration.ofNanos(now - each.getValue())))
                    .filter(each -> each.getValue().compareTo(quiet) >= 0)
                    .map(each -> each.getKey() + " (" + each.getValue().toSeconds() + " s)")
                    .collect(Collectors.joining(", "));
            if (!late.isEmpty() && !closed) {
                console.line("  still waiting for %s; %s".formatted(late, load()));
                pause = quiet.multipliedBy(3);
            } else {
                pause = quiet.dividedBy(4);
            }
        }
    }

    private static String load() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "load %.1f on %d processors",
                system.getSystemLoadAverage(),
                system.getAvailableProcessors());
    }

    /** Ends what still starts; waits for nothing. */
    @Override
    public void close() {
        closed = true;
        failure.completeExceptionally(new IllegalStateException("the start is over"));
        threads.shutdownNow();
    }

    boolean closed() {
        return closed;
    }
}
