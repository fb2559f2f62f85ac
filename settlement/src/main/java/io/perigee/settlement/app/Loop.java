package io.perigee.settlement.app;

import io.perigee.eventlog.TryLater;
import io.perigee.settlement.chain.ChainUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does some things one after the other, again and again, on a virtual thread until it is closed. Trouble of one keeps no
 * other from its turn; it makes all wait longer, and never stop. An error of the machine ends it, which {@link #alive}
 * tells: after one nothing in the process can be relied on.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    /** One round. */
    @FunctionalInterface
    interface Round {
        /** Goes once; true to go on at once. */
        boolean run();
    }

    /** One of the things. */
    record Part(String name, Round round) {
        /** What never has more to do at once. */
        static Part once(String name, Runnable round) {
            return new Part(name, () -> {
                round.run();
                return false;
            });
        }
    }

    private final Duration every;
    private final List<Part> parts;
    private final Consumer<String> failed;
    private final Semaphore stop = new Semaphore(0);
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean dead;

    private Loop(String name, Duration every, List<Part> parts, Consumer<String> failed) {
        this.every = every;
        this.parts = List.copyOf(parts);
        this.failed = failed;
        thread = Thread.ofVirtual().name("settlement-" + name).unstarted(this::run);
    }

    /** @param failed is told the name of each part that fails, each time */
    static Loop start(String name, Duration every, List<Part> parts, Consumer<String> failed) {
        var loop = new Loop(name, every, parts, failed);
        loop.thread.start();
        return loop;
    }

    /** False once it has ended by itself: nothing starts it again but a new process. */
    boolean alive() {
        return !dead;
    }

    private void run() {
        try {
            rounds();
        } catch (Throwable e) {
            dead = true;
            LOG.atError().addKeyValue("loop", thread.getName()).setCause(e).log("loop ended");
        }
    }

    private void rounds() {
        int failures = 0;
        while (running) {
            boolean more = false;
            boolean good = true;
            for (var part : parts) {
                switch (run(part)) {
                    case MORE -> more = true;
                    case DONE -> {}
                    case FAILED -> good = false;
                }
            }
            failures = good ? 0 : failures + 1;
            if (!good) {
                await(longer(failures));
            } else {
                await(more ? Duration.ZERO : every);
            }
        }
    }

    private enum Outcome {
        MORE,
        DONE,
        FAILED
    }

    private Outcome run(Part part) {
        try {
            return part.round().run() ? Outcome.MORE : Outcome.DONE;
        } catch (ChainUnavailable | TryLater e) {
            LOG.atWarn()
                    .addKeyValue("part", part.name())
                    .addKeyValue("cause", e.getMessage())
                    .log("waits for infrastructure");
        } catch (RuntimeException e) {
            // a fault of ours: said loudly, and tried again, since standing still would leave money where it is
            LOG.atError().addKeyValue("part", part.name()).setCause(e).log("round failed");
        }
        failed.accept(part.name());
        return Outcome.FAILED;
    }

    private Duration longer(int failures) {
        var pause = every.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void await(Duration pause) {
        try {
            if (!pause.isZero() && stop.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                running = false;
            }
        } catch (InterruptedException e) {
            running = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the round in hand end. */
    @Override
    public void close() {
        running = false;
        stop.release();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
