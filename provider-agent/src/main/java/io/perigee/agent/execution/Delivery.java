package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One upload after another, each of which ends at once when there is something that matters more. */
final class Delivery {
    private final Cancellation attempt;
    private @Nullable Cancellation current;
    private @Nullable Thread thread;

    /** @param attempt ends all of them */
    Delivery(Cancellation attempt) {
        this.attempt = attempt;
    }

    /** What is to be carried. */
    @FunctionalInterface
    interface Load<T extends @Nullable Object> {
        T carry(Cancellation cancellation) throws IOException, InterruptedException, Failure;
    }

    /**
     * Carries it in the caller's thread.
     *
     * @param overtaken whether something that matters more is here already
     * @throws Cancellation.Cancelled when it was stopped
     */
    <T extends @Nullable Object> T carry(BooleanSupplier overtaken, Load<T> load)
            throws IOException, InterruptedException, Failure {
        var own = new Cancellation(attempt);
        begin(own);
        try {
            // asked only now: what comes from here on stops it
            if (overtaken.getAsBoolean()) {
                own.cancel();
            }
            own.check();
            return load.carry(own);
        } catch (IOException | RuntimeException | InterruptedException e) {
            // files and connections say in words of their own that their thread was interrupted
            own.check();
            throw e;
        } finally {
            end(own);
        }
    }

    private synchronized void begin(Cancellation own) {
        current = own;
        thread = Thread.currentThread();
    }

    private synchronized void end(Cancellation own) {
        current = null;
        thread = null;
        if (own.isCancelled()) {
            Thread.interrupted();
        }
    }

    /** Stops the one that is under way, if one is. */
    synchronized void stop() {
        if (current != null && thread != null) {
            current.cancel();
            thread.interrupt();
        }
    }
}
