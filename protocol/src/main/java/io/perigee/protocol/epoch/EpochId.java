package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import java.time.Duration;

/**
 * An epoch: the hub's orders, not marked {@code direct}, whose deadlines fall into one window.
 *
 * @param number the window's: deadline / W, rounded down
 */
public record EpochId(Address hub, Address token, int number) {
    public EpochId {
        if (number <= 0) {
            throw new IllegalArgumentException("Expected to number an epoch from 1, but got " + number);
        }
    }

    /** The window into which a deadline falls, in epoch seconds. */
    public static int numberOf(long deadline, Duration window) {
        return Math.toIntExact(deadline / window.toSeconds());
    }

    /** When its settler may first post it, in epoch seconds: when its window has ended. */
    public long postedFrom(Duration window) {
        return (number + 1L) * window.toSeconds();
    }

    /** Until when, exclusive. */
    public long postedUntil(Duration window) {
        return (number + 2L) * window.toSeconds();
    }

    /** Until when, exclusive, lines and orders may be demanded; an epoch without a demand is final from then on. */
    public long demandedUntil(Duration window) {
        return (number + 3L) * window.toSeconds();
    }

    /** Until when, exclusive, demands may be answered. */
    public long answeredUntil(Duration window) {
        return (number + 4L) * window.toSeconds() - window.toSeconds() / 4;
    }

    /** When an epoch whose demands were all answered is final, and `direct` opens for the orders of a void one. */
    public long decidedAt(Duration window) {
        return (number + 4L) * window.toSeconds();
    }

    @Override
    public String toString() {
        return "%d of hub %s in token %s".formatted(number, hub, token);
    }
}
