package io.perigee.trainers.strict.data;

import io.perigee.trainers.strict.math.CounterHash;
import io.perigee.trainers.strict.math.CounterHash.Purpose;

/**
 * Which example is read where: in every epoch each example once, in an order of its own. The order is a keyed permutation
 * (a four-round Feistel network, walked until it lands inside), so it needs no list and no state.
 */
public final class DataOrder {
    private static final int ROUNDS = 4;

    private final long seed;
    private final int size;
    private final int halfBits;

    /** An order over {@code size} examples. */
    public DataOrder(long seed, int size) {
        this.seed = seed;
        this.size = size;
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(size - 1));
        this.halfBits = (bits + 1) / 2;
    }

    /** The example at a cursor, which counts rows from the start of the job. */
    public int at(long cursor) {
        long epoch = cursor / size;
        long place = cursor % size;
        do {
            place = permute(epoch, place);
        } while (place >= size);
        return (int) place;
    }

    private long permute(long epoch, long value) {
        long mask = (1L << halfBits) - 1;
        long left = value >>> halfBits;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = CounterHash.at(CounterHash.stream(seed, Purpose.ORDER, epoch, round), right) & mask;
            long next = left ^ mixed;
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }
}
