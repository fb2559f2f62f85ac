package io.perigee.scenarios.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What will happen, in order. Messages travel by a log that delays, reorders and now and then doubles them; clocks ring
 * on time.
 */
final class Calendar {
    private static final int LONGEST_DELAY = 20;

    private record Entry(long at, long sequence, Event event) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::sequence));
    private final SplittableRandom random;
    private final SplittableRandom echo;
    private final double doubled;
    private long sequence;
    private long now;

    /** @param doubled which share of the messages comes twice */
    Calendar(SplittableRandom random, double doubled) {
        this.random = random;
        this.echo = random.split();
        this.doubled = doubled;
    }

    long now() {
        return now;
    }

    /** A clock of this machine. */
    void ring(long at, Event event) {
        entries.add(new Entry(Math.max(now, at), sequence++, event));
    }

    /** A message: later than it was sent, perhaps behind a younger one, perhaps twice. */
    void send(long at, Event event) {
        long arrives = at + random.nextInt(LONGEST_DELAY);
        ring(arrives, event);
        if (echo.nextDouble() < doubled) {
            ring(arrives + 1 + echo.nextInt(10 * LONGEST_DELAY), event);
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Event next() {
        var entry = entries.remove();
        now = entry.at();
        return entry.event();
    }
}
