package io.perigee.scheduler.app;

import io.perigee.scheduler.placing.Matchmaker;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The rounds of matching. What is announced is looked at at once; now and then all that waits is read, which finds what
 * another scheduler left when it died between a commit and its look. However often it is woken, that is not done more often.
 */
final class Placing implements Loop.Round {
    private final Matchmaker matchmaker;
    private final Duration sweep;
    private final LongSupplier nanos;
    private long swept;

    /** @param nanos a clock that nobody sets, like {@link System#nanoTime} */
    Placing(Matchmaker matchmaker, Duration sweep, LongSupplier nanos) {
        this.matchmaker = matchmaker;
        this.sweep = sweep;
        this.nanos = nanos;
        // a matchmaker that is new begins with one
        this.swept = nanos.getAsLong();
    }

    @Override
    public Duration run() {
        if (matchmaker.round()) {
            return Duration.ZERO;
        }
        var left = sweep.minusNanos(nanos.getAsLong() - swept);
        if (left.isPositive()) {
            return left;
        }
        swept = nanos.getAsLong();
        matchmaker.swept();
        return Duration.ZERO;
    }
}
