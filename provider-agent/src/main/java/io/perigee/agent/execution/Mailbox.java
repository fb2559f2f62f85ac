package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an attempt's thread is told by all others, in order. */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int MOST_SIGNALS = 1_024;

    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(MOST_SIGNALS);
    private final Digest assignmentHash;
    private final Cancellation cancellation;

    /** @param cancellation of the attempt's transfers, which would keep its thread from reading that it is over */
    Mailbox(Digest assignmentHash, Cancellation cancellation) {
        this.assignmentHash = assignmentHash;
        this.cancellation = cancellation;
    }

    /** A full queue means the hub floods, and the signal is dropped, to be resent later. */
    void put(Signal signal) {
        switch (signal) {
            case Signal.Close _, Signal.Shutdown _ -> cancellation.cancel();
            case Signal.Receipted _,
                    Signal.HaltAt _,
                    Signal.CheckpointAsked _,
                    Signal.Uploaded _,
                    Signal.VerdictAsked _,
                    Signal.Spoilt _,
                    Signal.ContainerEnded _,
                    Signal.EngineLost _ -> {}
        }
        if (!signals.offer(signal)) {
            LOG.warn(
                    "Signal dropped assignment={} signal={}",
                    assignmentHash,
                    signal.getClass().getSimpleName());
        }
    }

    /** The next one, waited for at most so long; null when none came. */
    @Nullable
    Signal take(Duration most) throws InterruptedException {
        return signals.poll(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS);
    }
}
