package io.perigee.market.matching;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Small numbers by name, in one array that is at most four fifths full: a map of objects would cost ten times as much. The
 * names themselves are kept by whom it asks for them.
 */
final class Numbers<N> {
    static final int UNKNOWN = -1;
    private static final int FREE = -1;

    private final IntFunction<N> names;
    private int[] table = fresh(16);
    private int size;

    Numbers(IntFunction<N> names) {
        this.names = names;
    }

    int size() {
        return size;
    }

    /** Or {@link #UNKNOWN}. */
    int of(N name) {
        return table[find(name)];
    }

    /** The name must be new. */
    void put(N name, int number) {
        if (5L * (size + 1) > 4L * table.length) {
            var old = table;
            table = fresh(old.length + old.length / 4 + 1);
            for (int held : old) {
                if (held != FREE) {
                    table[find(names.apply(held))] = held;
                }
            }
        }
        table[find(name)] = number;
        size++;
    }

    /** The name must be known still to whom names are asked of. */
    void remove(N name) {
        int hole = find(name);
        size--;
        table[hole] = FREE;
        // whoever was pushed behind the hole moves up
        for (int at = next(hole); table[at] != FREE; at = next(at)) {
            int held = table[at];
            table[at] = FREE;
            table[find(names.apply(held))] = held;
        }
    }

    long bytes() {
        return 4L * table.length;
    }

    private int find(N name) {
        int at = home(name);
        while (table[at] != FREE && !names.apply(table[at]).equals(name)) {
            at = next(at);
        }
        return at;
    }

    /** Scaled and not masked, so that the table may have any length. */
    private int home(N name) {
        long spread = (name.hashCode() * 0x9e3779b9L) & 0xffffffffL;
        return (int) (spread * table.length >>> Integer.SIZE);
    }

    private int next(int at) {
        return at + 1 == table.length ? 0 : at + 1;
    }

    private static int[] fresh(int length) {
        var table = new int[length];
        Arrays.fill(table, FREE);
        return table;
    }
}
