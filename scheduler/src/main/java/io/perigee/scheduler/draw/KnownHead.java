package io.perigee.scheduler.draw;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * The newest block that a node has named, while that is news: a receipt names a block a little ahead of it, and whoever seals
 * must not know that one already. While the node is away, and not for long, a number stands for it that the chain has not
 * reached even if it makes blocks as fast as it was lately seen to: such a draw comes later, and everything is audited only
 * where no block could be named at all.
 */
public final class KnownHead {
    /** After a longer time the number would be hours ahead. */
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** How long a speed counts. What was no speed, but a node that had fallen behind without a sign, is then forgotten. */
    private static final long LATELY = Duration.ofMinutes(5).toNanos();

    /** No chain that settles here makes more in a second: what looks like more is a node that catches up. */
    private static final long MOST = 10;

    private final long freshNanos;
    private final LongSupplier nanos;
    private volatile Seen seen = new Seen(0, 0, 1);

    /** Blocks in a second as they were seen, the most of them first, and none that a later one exceeds. */
    private final ArrayDeque<Speed> speeds = new ArrayDeque<>();

    /** @param perSecond the most blocks in a second that were seen lately, and at least one */
    private record Seen(long number, long at, long perSecond) {}

    private record Speed(long perSecond, long at) {}

    /** The highest number, and when it was first named. */
    private record Mark(long number, long at) {}

    private Mark mark = new Mark(0, 0);

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
            measure(number, asked);
            seen = new Seen(
                    number, asked, speeds.isEmpty() ? 1 : speeds.getFirst().perSecond());
        }
    }

    /**
     * Takes the time since the head last moved: blocks may come several at once. A node that named the same one for long, or
     * gave no answer, says nothing of the chain's speed when it moves on, and neither does one behind another that is ahead.
     */
    private void measure(long number, long asked) {
        long age = asked - mark.at();
        if (mark.number() == 0 || age > freshNanos && number != mark.number()) {
            mark = new Mark(number, asked);
        } else if (number > mark.number() && age >= SECOND) {
            long perSecond = Math.min(MOST, Math.ceilDiv(number - mark.number(), age / SECOND));
            speeds.removeIf(each -> each.perSecond() <= perSecond);
            speeds.addLast(new Speed(perSecond, asked));
            mark = new Mark(number, asked);
        }
        speeds.removeIf(each -> asked - each.at() > LATELY);
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
