package io.perigee.scenarios.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The life of a stranger's machine: it may join late, sleeps now and then, is slow to speak and keeps a wrong clock.
 *
 * @param joins when it is seen first
 * @param naps when it sleeps, in order and apart
 * @param lag seconds that its messages take longer than others'
 * @param skew seconds that its clock is ahead; below zero, behind
 */
record Life(long joins, List<Nap> naps, int lag, int skew) {
    private static final double JOINS_LATE = 0.2;
    private static final int SECONDS_AWAKE = 4 * 3_600;
    private static final int SHORTEST_NAP = 600;
    private static final int LONGEST_NAP = 3_600;
    private static final double LAGS = 0.1;
    private static final int LONGEST_LAG = 300;
    private static final int SKEW = 120;

    /** Asleep from one second until another. */
    record Nap(long from, long until) {}

    /** A life in a market that lasts from one second to another. */
    static Life of(SplittableRandom random, long start, long end) {
        long joins = random.nextDouble() < JOINS_LATE ? random.nextLong(start, start + (end - start) / 2) : start;
        var naps = new ArrayList<Nap>();
        long at = joins;
        while (at < end) {
            long from = at + 1 + Math.round(-StrictMath.log(1 - random.nextDouble()) * SECONDS_AWAKE);
            at = from + random.nextInt(SHORTEST_NAP, LONGEST_NAP);
            naps.add(new Nap(from, at));
        }
        int lag = random.nextDouble() < LAGS ? random.nextInt(LONGEST_LAG) : 0;
        return new Life(joins, List.copyOf(naps), lag, random.nextInt(-SKEW, SKEW));
    }

    boolean isAwake(long at) {
        if (at < joins) {
            return false;
        }
        int first = firstEndingAfter(at);
        return first == naps.size() || at < naps.get(first).from();
    }

    private int firstEndingAfter(long at) {
        int low = 0;
        int high = naps.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (naps.get(middle).until() > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** When work of so many seconds is done, if it begins now; every nap costs some of it again. */
    long finish(long now, long work, long again) {
        long at = now;
        long left = work;
        for (var nap : naps.subList(firstEndingAfter(now), naps.size())) {
            if (nap.from() >= at + left) {
                break;
            }
            if (nap.until() > at) {
                left += Math.min(again, work) - Math.max(0, nap.from() - at);
                at = nap.until();
            }
        }
        return at + left;
    }

    /** For how many seconds between two it is awake. */
    long awake(long from, long until) {
        long asleep = naps.stream()
                .mapToLong(nap -> Math.max(0, Math.min(until, nap.until()) - Math.max(from, nap.from())))
                .sum();
        return until - from - asleep;
    }
}
