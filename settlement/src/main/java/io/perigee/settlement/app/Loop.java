package io.perigee.settlement.app;

import io.perigee.eventlog.TryLater;
import io.perigee.settlement.chain.ChainUnavailable;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing again and again on a virtual thread until it is closed; trouble makes it wait longer, never stop. */
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

    private final String name;
    private final Duration every;
    private final Round round;
    private final Semaphore stop = new Semaphore(0);
    private final Thread thread;
    private volatile boolean running = true;

    private Loop(String name, Duration every, Round round) {
        this.name = name;
        this.every = every;
        this.round = round;
        thread = Thread.ofVirtual().name("settlement-" + name).unstarted(this::run);
    }

    static Loop start(String name, Duration every, Round round) {
        var loop = new Loop(name, every, round);
        loop.thread.start();
        return loop;
    }

    private void run() {
        int failures = 0;
        while (running) {
            Duration pause = every;
            try {
                if (round.run()) {
                    pause = Duration.ZERO;
                }
                failures = 0;
            } catch (ChainUnavailable | TryLater e) {
                pause = longer(++failures);
                LOG.atWarn()
                        .addKeyValue("loop", name)
                        .addKeyValue("cause", e.getMessage())
                        .log("waits for infrastructure");
            } catch (RuntimeException e) {
                // a fault of ours: said loudly, and tried again, since standing still would leave money where it is
                pause = longer(++failures);
                LOG.atError().addKeyValue("loop", name).setCause(e).log("round failed");
            }
            await(pause);
        }
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
