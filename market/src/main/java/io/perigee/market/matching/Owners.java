package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Owners by number, and what each has free of its stake: one place for it, however many offers the owner has. */
final class Owners {
    static final int UNKNOWN = Numbers.UNKNOWN;

    private final Numbers<Address> numbers = new Numbers<>(this::name);
    private @Nullable Address[] names = new Address[16];
    private Amount[] amounts = new Amount[16];
    private long[] stakes = new long[16];

    int size() {
        return numbers.size();
    }

    int numberOf(Address owner) {
        return numbers.of(owner);
    }

    int add(Address owner) {
        int known = numbers.of(owner);
        if (known != UNKNOWN) {
            return known;
        }
        int number = numbers.size();
        if (number >= stakes.length) {
            int more = number + number / 8 + 16;
            names = Arrays.copyOf(names, more);
            stakes = Arrays.copyOf(stakes, more);
            amounts = Arrays.copyOf(amounts, more);
        }
        names[number] = owner;
        amounts[number] = Amount.ZERO;
        numbers.put(owner, number);
        return number;
    }

    /** Compared by the word at hand, as far as that says it: an amount is three objects. */
    void stake(int number, Amount free) {
        var value = free.value();
        long stake = value.bitLength() < Long.SIZE ? value.longValue() : Long.MAX_VALUE;
        if (stakes[number] != stake || stake == Long.MAX_VALUE) {
            amounts[number] = free;
            stakes[number] = stake;
        }
    }

    /** At most 2^63 - 1: who has more than that counts as having that. */
    long stake(int number) {
        return stakes[number];
    }

    Amount amount(int number) {
        return amounts[number];
    }

    /** A reference counts as 4 bytes, as it does in heaps below 32 GB. */
    long bytes() {
        return numbers.bytes() + 16L * stakes.length;
    }

    private Address name(int number) {
        return Objects.requireNonNull(names[number]);
    }
}
