package io.perigee.scheduler.app;

import io.perigee.eventlog.TryLater;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing again and again on a virtual thread, when it is woken or its pause is over, until it is closed. */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    /** One round. */
    @FunctionalInterface
    interface Round {
        /** Runs; the answer is how long to wait for the next, unless it is woken before. */
        Duration run();
    }

    private final String name;
    private final Round round;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean running = true;

    private Loop(String name, Round round) {
        this.name = name;
        this.round = round;
        thread = Thread.ofVirtual().name("scheduler-" + name).unstarted(this::run);
    }

    static Loop start(String name, Round round) {
        var loop = new Loop(name, round);
        loop.thread.start();
        return loop;
    }

    /** Ends the pause; never blocks. */
    void wake() {
        wake.release();
    }

    boolean alive() {
        return thread.isAlive();
    }

    private void run() {
        int failures = 0;
        while (running) {
            Duration pause;
            try {
                pause = round.run();
                failures = 0;
            } catch (TryLater e) {
                pause = longer(++failures);
                LOG.atWarn()
                        .addKeyValue("loop", name)
                        .addKeyValue("cause", e.getMessage())
                        .log("waits for infrastructure");
            } catch (RuntimeException e) {
                // a fault of ours: said loudly, and tried again, since standing still would leave jobs where they are
                pause = longer(++failures);
                LOG.atError().addKeyValue("loop", name).setCause(e).log("round failed");
            }
            await(pause);
        }
    }

    private static Duration longer(int failures) {
        var pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void await(Duration pause) {
        try {
            if (wake.tryAcquire(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
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
        wake.release();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
