package io.perigee.market.matching;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Small numbers by name, in one array that is at most four fifths full: a map of objects would cost ten times as much. The
 * names themselves are kept by whom it asks for them.
 *
 * <p>A number is below the length of the array, so an entry has bits to spare: they hold a part of its name's hash, and
 * names, which are anywhere in memory, are compared only where that part is equal.
 */
final class Numbers<N> {
    static final int UNKNOWN = -1;
    /** Never an entry: its number would be too large. */
    private static final int FREE = -1;

    private final IntFunction<N> names;
    private int[] table = fresh(16);
    /** The bits of an entry that are its number; the others are of the hash. */
    private int mask = maskFor(16);

    private int size;

    Numbers(IntFunction<N> names) {
        this.names = names;
    }

    int size() {
        return size;
    }

    /** Or {@link #UNKNOWN}. */
    int of(N name) {
        int entry = table[find(name)];
        return entry == FREE ? UNKNOWN : entry & mask;
    }

    /**
     * The name must be new.
     *
     * @param number below the number of names, this one included, that there ever were at once
     */
    void put(N name, int number) {
        if (5L * (size + 1) > 4L * table.length) {
            grow(table.length + table.length / 4 + 1);
        }
        place(name, number);
        size++;
    }

    /** The name must be known still to whom names are asked of. */
    void remove(N name) {
        int hole = find(name);
        size--;
        table[hole] = FREE;
        // whoever was pushed behind the hole moves up
        for (int at = next(hole); table[at] != FREE; at = next(at)) {
            int held = table[at] & mask;
            table[at] = FREE;
            place(names.apply(held), held);
        }
    }

    long bytes() {
        return 4L * table.length;
    }

    private void grow(int length) {
        var old = table;
        int had = mask;
        table = fresh(length);
        mask = maskFor(length);
        for (int entry : old) {
            if (entry != FREE) {
                place(names.apply(entry & had), entry & had);
            }
        }
    }

    /** At the first free place: the name is known to be in none. */
    private void place(N name, int number) {
        int hash = spread(name);
        int at = home(hash);
        while (table[at] != FREE) {
            at = next(at);
        }
        table[at] = number | hash & ~mask;
    }

    private int find(N name) {
        int hash = spread(name);
        int tag = hash & ~mask;
        int at = home(hash);
        while (table[at] != FREE
                && ((table[at] & ~mask) != tag || !names.apply(table[at] & mask).equals(name))) {
            at = next(at);
        }
        return at;
    }

    private static int spread(Object name) {
        int hash = name.hashCode() * 0x9e3779b9;
        return hash ^ hash >>> 15;
    }

    /** By the bits that the tag has not, scaled and not masked, so that the table may have any length. */
    private int home(int hash) {
        long place = (hash * 0x85ebca6bL) & 0xffffffffL;
        return (int) (place * table.length >>> Integer.SIZE);
    }

    private int next(int at) {
        return at + 1 == table.length ? 0 : at + 1;
    }

    private static int[] fresh(int length) {
        var table = new int[length];
        Arrays.fill(table, FREE);
        return table;
    }

    /** Enough bits for every number below a length, and one more than that, which no number has all of. */
    private static int maskFor(int length) {
        return -1 >>> Integer.numberOfLeadingZeros(length);
    }
}
