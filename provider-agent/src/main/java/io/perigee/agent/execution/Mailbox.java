package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an attempt's thread is told by all others, in order. What this agent tells itself nobody repeats, so it always finds
 * a place; there is little of it.
 */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int MOST_SIGNALS = 1_024;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicBoolean dropped = new AtomicBoolean();
    private final Digest assignmentHash;
    private final Cancellation cancellation;
    private final Delivery delivery;
    private final IntPredicate halts;

    /**
     * @param cancellation of the attempt's transfers, which would keep its thread from reading that it is over
     * @param delivery the thread's own, which would keep it from reading that another border is wanted
     * @param halts whether it changes anything that a border is wanted: a hub says it again at every connection
     */
    Mailbox(Digest assignmentHash, Cancellation cancellation, Delivery delivery, IntPredicate halts) {
        this.assignmentHash = assignmentHash;
        this.cancellation = cancellation;
        this.delivery = delivery;
        this.halts = halts;
    }

    /** A full queue means the hub floods; what it says then is dropped, see {@link #dropped}. */
    void put(Signal signal) {
        boolean hubs =
                switch (signal) {
                    case Signal.Close _ -> {
                        cancellation.cancel();
                        yield true;
                    }
                    case Signal.Receipted _, Signal.HaltAt _, Signal.CheckpointAsked _, Signal.VerdictAsked _ -> true;
                    case Signal.Shutdown _ -> {
                        cancellation.cancel();
                        yield false;
                    }
                    case Signal.Uploaded _, Signal.Spoilt _, Signal.ContainerEnded _, Signal.EngineLost _ -> false;
                };
        if (hubs && signals.size() >= MOST_SIGNALS) {
            dropped.set(true);
            LOG.warn(
                    "Signal dropped assignment={} signal={}",
                    assignmentHash,
                    signal.getClass().getSimpleName());
        } else {
            signals.add(signal);
        }
        if (isHalt(signal) || cancellation.isCancelled()) {
            delivery.stop();
        }
    }

    private boolean isHalt(Signal signal) {
        return signal instanceof Signal.HaltAt(int border) && halts.test(border);
    }

    /** Whether its thread is to be told that another border is wanted. */
    boolean halts() {
        return signals.stream().anyMatch(this::isHalt);
    }

    /** Whether, since this was last asked, the hub said something that was dropped; it must be made to say it again. */
    boolean dropped() {
        return dropped.getAndSet(false);
    }

    /** The next one, waited for at most so long; null when none came. */
    @Nullable
    Signal take(Duration most) throws InterruptedException {
        return signals.poll(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS);
    }
}
