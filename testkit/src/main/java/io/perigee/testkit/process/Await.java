package io.perigee.testkit.process;

import java.time.Duration;
import java.util.function.Supplier;

/** Bounded waiting for something outside this JVM. */
public final class Await {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private Await() {}

    /** A condition that may fail while what it looks at is still starting. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Asks every 20 ms until the condition holds.
     *
     * @throws IllegalStateException with {@code otherwise}'s text when it did not hold in time
     */
    public static void until(Duration timeout, Condition condition, Supplier<String> otherwise) {
        until(timeout, OFTEN, condition, otherwise);
    }

    /** The same, asking only every {@code pause}, where asking costs something. */
    public static void until(Duration timeout, Duration pause, Condition condition, Supplier<String> otherwise) {
        long end = System.nanoTime() + timeout.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (RuntimeException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting", e);
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() >= end) {
                throw new IllegalStateException(otherwise.get(), last);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting", e);
            }
        }
    }
}
