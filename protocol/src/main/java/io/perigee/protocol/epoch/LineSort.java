package io.perigee.protocol.epoch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sorts lines by their keys, five bytes at a time from the left: the five bytes and the line's index are one {@code long}, so
 * that no object is made, and where many lines share a builder nothing is compared twice.
 */
final class LineSort {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int DIGIT = 5;
    private static final int INDEX_BITS = 23;
    private static final long INDEX = (1L << INDEX_BITS) - 1;
    /** So few are sorted by inserting. */
    private static final int FEW = 12;

    private final byte[] rows;
    private final long[] keys;

    private LineSort(byte[] rows, int count) {
        this.rows = rows;
        keys = new long[count];
        Arrays.setAll(keys, i -> i);
    }

    /** Which row comes first, second, and so on. Rows with equal keys stand in any order. */
    static int[] order(byte[] rows, int count) {
        var sort = new LineSort(rows, count);
        sort.sort(0, count, 0);
        var order = new int[count];
        Arrays.setAll(order, sort::row);
        return order;
    }

    private void sort(int from, int end, int digit) {
        if (end - from <= FEW) {
            insert(from, end);
            return;
        }
        for (int i = from; i < end; i++) {
            long word = (long) WORD.get(rows, Lines.at(row(i)) + digit);
            keys[i] = word >>> 8 * (Long.BYTES - DIGIT) << INDEX_BITS | row(i);
        }
        Arrays.sort(keys, from, end);
        if (digit + DIGIT < Lines.KEY) {
            sortEqual(from, end, digit + DIGIT);
        }
    }

    /** Where digits are equal, the next ones decide. */
    private void sortEqual(int from, int end, int digit) {
        int start = from;
        while (start < end) {
            long value = keys[start] >>> INDEX_BITS;
            int stop = start + 1;
            while (stop < end && keys[stop] >>> INDEX_BITS == value) {
                stop++;
            }
            if (stop - start > 1) {
                sort(start, stop, digit);
            }
            start = stop;
        }
    }

    private void insert(int from, int end) {
        for (int i = from + 1; i < end; i++) {
            long moved = keys[i];
            int to = i;
            while (to > from && compare(keys[to - 1], moved) > 0) {
                keys[to] = keys[to - 1];
                to--;
            }
            keys[to] = moved;
        }
    }

    private int compare(long one, long other) {
        int a = Lines.at((int) (one & INDEX));
        int b = Lines.at((int) (other & INDEX));
        return Arrays.compareUnsigned(rows, a, a + Lines.KEY, rows, b, b + Lines.KEY);
    }

    private int row(int place) {
        return (int) (keys[place] & INDEX);
    }
}
