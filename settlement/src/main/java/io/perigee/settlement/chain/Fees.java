package io.perigee.settlement.chain;

import java.math.BigInteger;

/**
 * The two fees of an EIP-1559 transaction, in wei per unit of gas.
 *
 * @param max the most that is paid in all
 * @param priority the part of it that goes to the block's maker
 */
public record Fees(BigInteger max, BigInteger priority) {
    public Fees {
        if (priority.signum() < 0 || max.compareTo(priority) < 0) {
            throw new IllegalArgumentException(
                    "Expected to hold fees with 0 <= priority <= max, but got %s and %s".formatted(priority, max));
        }
    }
}
