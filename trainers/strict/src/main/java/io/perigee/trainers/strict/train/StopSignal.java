package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.Exit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** SIGTERM, and every other way out: the process ends with the exit code of the contract, at the latest after the grace. */
public final class StopSignal {
    /** The contract's grace is ten seconds; this leaves time for the engine. */
    private static final long GRACE_SECONDS = 8;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile int code = Exit.YIELDED.code();

    /** Takes over the end of the process. */
    public void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "stop"));
    }

    /** True once the process was asked to stop. */
    public boolean requested() {
        return requested;
    }

    /** Asks for a stop, as the signal does. */
    public void request() {
        requested = true;
    }

    /** Says how the work ended and ends the process. */
    public void exit(Exit exit) {
        code = exit.code();
        ended.countDown();
        System.exit(exit.code());
    }

    private void end() {
        requested = true;
        int result = Exit.YIELDED.code();
        try {
            if (ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                result = code;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(result);
    }
}
