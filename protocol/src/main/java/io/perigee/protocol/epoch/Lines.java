package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Lines one after another in one array, in the order in which they stand in the tree. They need not be well formed: a false
 * epoch's can be held too, so that its faults can be shown.
 */
public final class Lines {
    /** So many fit in memory and in one file; the contract takes up to 2^32 - 1. */
    public static final int MOST = 1 << 22;

    /**
     * Bytes of a line: builder, order, assignment, owner, amount, sum, each at its own width. One less than Keccak takes at
     * once, padding included, so that a leaf costs one permutation.
     */
    static final int WIDTH = 135;

    static final int ORDER = 20;
    static final int ASSIGNMENT = 52;
    static final int OWNER = 84;
    static final int AMOUNT = 104;
    static final int SUM = 119;
    /** By its first bytes a line is sorted. */
    static final int KEY = OWNER;

    private final byte[] rows;
    private final int count;

    /** Takes the array over. */
    Lines(byte[] rows, int count) {
        this.rows = rows;
        this.count = count;
    }

    public int count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException when there is no such line */
    public Line line(int index) {
        return new Line(
                builder(index),
                Digest.of(field(index, ORDER, Digest.BYTES)),
                Digest.of(field(index, ASSIGNMENT, Digest.BYTES)),
                owner(index),
                amount(index, AMOUNT, SUM - AMOUNT),
                amount(index, SUM, WIDTH - SUM));
    }

    /** Lines {@code from} to before {@code end}. */
    public List<Line> range(int from, int end) {
        return IntStream.range(from, end).mapToObj(this::line).toList();
    }

    public Address builder(int index) {
        return Address.of(field(index, 0, Address.BYTES));
    }

    public Address owner(int index) {
        return Address.of(field(index, OWNER, Address.BYTES));
    }

    public Amount sum(int index) {
        return amount(index, SUM, WIDTH - SUM);
    }

    /** True when this line stands after the one before it as it must, and carries on its builder's sum or starts one. */
    boolean follows(int index) {
        var sum = new Sum();
        if (index > 0 && sameBuilder(index - 1, index)) {
            if (compareKeys(index - 1, index) >= 0) {
                return false;
            }
            sum.add(rows, at(index - 1) + SUM);
        } else if (index > 0 && compareKeys(index - 1, index) > 0) {
            return false;
        }
        return adds(sum, index);
    }

    /** The first line that is not before this order's: its first, or where it would stand. */
    int firstOf(Address builder, Digest orderHash) {
        var key = new byte[ASSIGNMENT];
        System.arraycopy(builder.bytes(), 0, key, 0, Address.BYTES);
        System.arraycopy(orderHash.bytes(), 0, key, ORDER, Digest.BYTES);
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compareOrder(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The end of this order's lines from {@code first} on; {@code first} itself when none is there. */
    int endOf(int first, Address builder, Digest orderHash) {
        int end = first;
        while (end < count && isOf(end, builder, orderHash)) {
            end++;
        }
        return end;
    }

    private boolean isOf(int index, Address builder, Digest orderHash) {
        return Arrays.equals(rows, at(index), at(index) + Address.BYTES, builder.bytes(), 0, Address.BYTES)
                && Arrays.equals(rows, at(index) + ORDER, at(index) + ASSIGNMENT, orderHash.bytes(), 0, Digest.BYTES);
    }

    boolean sameBuilder(int one, int other) {
        return Arrays.equals(rows, at(one), at(one) + Address.BYTES, rows, at(other), at(other) + Address.BYTES);
    }

    byte[] rows() {
        return rows;
    }

    static int at(int index) {
        return index * WIDTH;
    }

    private boolean adds(Sum before, int index) {
        try {
            before.addAmount(rows, at(index) + AMOUNT);
        } catch (ArithmeticException e) {
            return false;
        }
        return before.isAt(rows, at(index) + SUM);
    }

    private int compareKeys(int one, int other) {
        return Arrays.compareUnsigned(rows, at(one), at(one) + KEY, rows, at(other), at(other) + KEY);
    }

    private int compareOrder(int index, byte[] key) {
        return Arrays.compareUnsigned(rows, at(index), at(index) + ASSIGNMENT, key, 0, ASSIGNMENT);
    }

    private Amount amount(int index, int offset, int length) {
        return new Amount(new BigInteger(1, field(index, offset, length)));
    }

    private byte[] field(int index, int offset, int length) {
        Objects.checkIndex(index, count);
        return Arrays.copyOfRange(rows, at(index) + offset, at(index) + offset + length);
    }
}
