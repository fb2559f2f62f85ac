package io.perigee.protocol.epoch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** An unsigned sum of 128 bits that grows in place, out of bytes and into them, the highest first. */
final class Sum {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final long LOW_SEVEN_BYTES = -1L >>> Byte.SIZE;

    private long high;
    private long low;

    void clear() {
        high = 0;
        low = 0;
    }

    /**
     * Adds an amount of 15 bytes, which has at least one byte before it in the array.
     *
     * @throws ArithmeticException when the sum no longer fits
     */
    void addAmount(byte[] from, int at) {
        add((long) WORD.get(from, at - 1) & LOW_SEVEN_BYTES, (long) WORD.get(from, at - 1 + Long.BYTES));
    }

    /** Adds a sum of 16 bytes. */
    void add(byte[] from, int at) {
        add((long) WORD.get(from, at), (long) WORD.get(from, at + Long.BYTES));
    }

    private void add(long addedHigh, long addedLow) {
        low += addedLow;
        long carry = Long.compareUnsigned(low, addedLow) < 0 ? 1 : 0;
        long rest = high + addedHigh;
        boolean over = Long.compareUnsigned(rest, high) < 0;
        high = rest + carry;
        if (over || (carry == 1 && high == 0)) {
            throw new ArithmeticException("Expected to sum up lines below 2^128, but they come to more");
        }
    }

    void write(byte[] to, int at) {
        WORD.set(to, at, high);
        WORD.set(to, at + Long.BYTES, low);
    }

    boolean isAt(byte[] in, int at) {
        return (long) WORD.get(in, at) == high && (long) WORD.get(in, at + Long.BYTES) == low;
    }
}
