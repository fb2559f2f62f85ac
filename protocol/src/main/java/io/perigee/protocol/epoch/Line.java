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
    /** Amounts and sums are of so many bits on chain. */
    static final int BITS = 128;

    public Line {
        requireFits(amount);
        requireFits(sum);
    }

    private static void requireFits(Amount amount) {
        if (amount.value().bitLength() > BITS) {
            throw new ArithmeticException("Expected an amount below 2^128 in a line, but got " + amount);
        }
    }
}
