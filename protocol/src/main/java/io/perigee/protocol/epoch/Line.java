package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;

/**
 * One payment of an epoch: a builder pays an owner for one assignment under one order.
 *
 * @param sum what the builder pays by this line and all its lines before
 */
public record Line(Address builder, Digest orderHash, Digest assignmentHash, Address owner, Amount amount, Amount sum) {
    static final int AMOUNT_BITS = 120;
    static final int SUM_BITS = 128;

    public Line {
        requireFits(amount, AMOUNT_BITS);
        requireFits(sum, SUM_BITS);
    }

    private static void requireFits(Amount amount, int bits) {
        if (amount.value().bitLength() > bits) {
            throw new ArithmeticException("Expected at most %d bits in a line, but got %s".formatted(bits, amount));
        }
    }
}
