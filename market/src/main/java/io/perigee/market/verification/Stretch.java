package io.perigee.market.verification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What one auditor runs: everything after a border, whose checkpoint it starts from, up to another. The contract pays
 * an owner for one assignment of an order, so all that one auditor does is one stretch.
 */
public record Stretch(int fromBorder, int toBorder) {
    public Stretch {
        if (fromBorder < 0 || toBorder <= fromBorder) {
            throw new IllegalArgumentException(
                    "Expected a stretch of at least one segment, but got %d to %d".formatted(fromBorder, toBorder));
        }
    }

    /** The segment that ends at a border. */
    public static Stretch of(int segment) {
        return new Stretch(segment - 1, segment);
    }

    /** Segments in it. */
    public int length() {
        return toBorder - fromBorder;
    }

    /** Whether the segment that ends at a border lies in it. */
    public boolean covers(int segment) {
        return fromBorder < segment && segment <= toBorder;
    }

    /**
     * How many segments so many auditors run together at the most, when the last segment of a run is among those that are
     * drawn: where the first is, too, and all gaps are as wide as each other, since the widest are where nobody runs.
     */
    public static int most(int segments, int drawn, int auditors) {
        if (drawn < 2) {
            return drawn;
        }
        int gaps = drawn - 1;
        int undrawn = segments - drawn;
        int cuts = auditors - 1;
        return drawn + undrawn / gaps * (gaps - cuts) + Math.max(0, undrawn % gaps - cuts);
    }

    /**
     * Deals segments to so many auditors, each a stretch. With as many auditors as segments nothing else is run; with
     * fewer, the cuts fall into the widest gaps, so that as little as possible is run that nobody drew.
     *
     * @param segments by the borders at which they end
     */
    public static List<Stretch> deal(SortedSet<Integer> segments, int auditors) {
        var ends = List.copyOf(segments);
        if (auditors < 1 || auditors > ends.size()) {
            throw new IllegalArgumentException("Expected to deal %d segments to 1 to as many auditors, but got %d"
                    .formatted(ends.size(), auditors));
        }
        var widestFirst = IntStream.range(1, ends.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> ends.get(i - 1) - ends.get(i))
                        .thenComparingInt(i -> Math.abs(2 * i - ends.size())))
                .toList();
        var cuts = new TreeSet<>(widestFirst.subList(0, auditors - 1));
        cuts.add(ends.size());
        var stretches = new ArrayList<Stretch>();
        int first = 0;
        for (int cut : cuts) {
            stretches.add(new Stretch(ends.get(first) - 1, ends.get(cut - 1)));
            first = cut;
        }
        return List.copyOf(stretches);
    }
}
