package io.perigee.scheduler.draw;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The newest block that a node has named, while that is news: a receipt names a block a little ahead of it, and whoever seals
 * must not know that one already. While the node is away, and not for long, a number stands for it that the chain has not
 * reached even if it made blocks as fast as it was ever seen to: such a draw comes later, and everything is audited only
 * where no block could be named at all.
 */
public final class KnownHead {
    /** After a longer time the number would be hours ahead. */
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long freshNanos;
    private final LongSupplier nanos;
    private volatile Seen seen = new Seen(0, 0, 1);

    /** @param perSecond the most blocks in a second that were seen, and at least one */
    private record Seen(long number, long at, long perSecond) {
        Seen then(long next, long asked) {
            long seconds = Math.max(1, (asked - at) / SECOND);
            return new Seen(
                    next, asked, number == 0 ? perSecond : Math.max(perSecond, Math.ceilDiv(next - number, seconds)));
        }
    }

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
        keep(number, asked);
        return number;
    }

    /** Of two that ask at once the later question counts. */
    private synchronized void keep(long number, long asked) {
        if (seen.number() == 0 || asked - seen.at() >= 0) {
            seen = seen.then(number, asked);
        }
    }

    /** Its number, or one that it has not reached; 0 when none is known, or that is too long ago. */
    public long number() {
        var last = seen;
        long age = nanos.getAsLong() - last.at();
        if (last.number() == 0 || age > LONGEST) {
            return 0;
        }
        return age <= freshNanos ? last.number() : last.number() + Math.ceilDiv(age, SECOND) * last.perSecond();
    }
}
