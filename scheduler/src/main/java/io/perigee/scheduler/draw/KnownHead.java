package io.perigee.scheduler.draw;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The newest block that a node has named, while that is news: a receipt names a block a little ahead of it, and whoever seals
 * must not know that one already.
 */
public final class KnownHead {
    private final long freshNanos;
    private final LongSupplier nanos;
    private volatile Seen seen = new Seen(0, 0);

    private record Seen(long number, long at) {}

    /**
     * @param fresh how long a block may stand for the newest
     * @param nanos a clock that nobody sets, like {@link System#nanoTime}
     */
    public KnownHead(Duration fresh, LongSupplier nanos) {
        this.freshNanos = fresh.toNanos();
        this.nanos = nanos;
    }

    /**
     * Asks for the newest block, and takes it for news from the question on: what is asked may be slow to answer.
     *
     * @return its number
     */
    long follow(LongSupplier newest) {
        long asked = nanos.getAsLong();
        long number = newest.getAsLong();
        keep(new Seen(number, asked));
        return number;
    }

    /** Of two that ask at once the later question counts. */
    private synchronized void keep(Seen answer) {
        if (seen.number() == 0 || answer.at() - seen.at() >= 0) {
            seen = answer;
        }
    }

    /** Its number; 0 when none is known, or that is too long ago. */
    public long number() {
        var last = seen;
        return nanos.getAsLong() - last.at() <= freshNanos ? last.number() : 0;
    }
}
