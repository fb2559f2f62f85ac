package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Owners by number, and what each has free of its stake: one place for it, however many offers the owner has. */
final class Owners {
    private static final BigInteger LONG = BigInteger.valueOf(Long.MAX_VALUE);

    static final int UNKNOWN = -2;

    private final Map<Address, Integer> numbers = new HashMap<>();
    private Amount[] amounts = new Amount[16];
    private long[] stakes = new long[16];

    int size() {
        return numbers.size();
    }

    int numberOf(Address owner) {
        return numbers.getOrDefault(owner, UNKNOWN);
    }

    int add(Address owner) {
        int number = numbers.computeIfAbsent(owner, name -> numbers.size());
        if (number >= stakes.length) {
            stakes = Arrays.copyOf(stakes, number + number / 8 + 16);
            amounts = Arrays.copyOf(amounts, stakes.length);
        }
        return number;
    }

    void stake(int number, Amount free) {
        amounts[number] = free;
        stakes[number] = free.value().min(LONG).longValueExact();
    }

    /** At most 2^63 - 1: who has more than that counts as having that. */
    long stake(int number) {
        return stakes[number];
    }

    Amount amount(int number) {
        return amounts[number];
    }

    long bytes() {
        return 12L * stakes.length;
    }
}
