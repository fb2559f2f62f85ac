package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of the settlement token in its smallest unit; an unsigned integer of at most 256 bits, as on chain.
 *
 * <p>In JSON it is a decimal string, because numbers above 2^53 do not survive every reader. Results outside the range
 * throw {@link ArithmeticException}: money never wraps and is never negative.
 */
public record Amount(BigInteger value) implements Comparable<Amount> {
    private static final int MAX_DIGITS = 78;

    public static final Amount ZERO = new Amount(BigInteger.ZERO);

    public Amount {
        if (value.signum() < 0 || value.bitLength() > 256) {
            throw new ArithmeticException("Expected to hold an amount from 0 to 2^256-1, but got " + value);
        }
    }

    public static Amount of(long value) {
        return new Amount(BigInteger.valueOf(value));
    }

    /** Reads the canonical decimal form: digits only, no sign, no leading zero. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Amount parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw InvalidValue.reading("an amount", text, "it is not a whole number of 1 to 78 decimal digits");
        }
        if (text.length() > 1 && text.charAt(0) == '0') {
            throw InvalidValue.reading("an amount", text, "it has a leading zero");
        }
        var value = new BigInteger(text);
        if (value.bitLength() > 256) {
            throw InvalidValue.reading("an amount", text, "it is above 2^256-1");
        }
        return new Amount(value);
    }

    /**
     * Reads an amount as people write it, such as "2.50", for a token of so many decimals.
     *
     * @throws InvalidValue when it is no decimal number, is negative, or is finer than the token's smallest unit
     */
    public static Amount ofTokens(String text, int decimals) {
        if (!text.matches("[0-9]{1,60}(\\.[0-9]{1,30})?")) {
            throw InvalidValue.reading("an amount of tokens", text, "it is not a decimal number such as 2.50");
        }
        try {
            return new Amount(new BigDecimal(text).movePointRight(decimals).toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw InvalidValue.reading(
                    "an amount of tokens", text, "the token has only %d decimals".formatted(decimals));
        }
    }

    /** The amount as people read it; all decimals of the token's smallest unit are kept, trailing zeros are not. */
    public String toTokens(int decimals) {
        var tokens = new BigDecimal(value, decimals).stripTrailingZeros();
        return tokens.setScale(Math.max(tokens.scale(), 0)).toPlainString();
    }

    public Amount plus(Amount other) {
        return new Amount(value.add(other.value));
    }

    /** @throws ArithmeticException when the other amount is larger */
    public Amount minus(Amount other) {
        return new Amount(value.subtract(other.value));
    }

    public Amount times(long factor) {
        return new Amount(value.multiply(BigInteger.valueOf(factor)));
    }

    /** ⌊this · numerator / denominator⌋ without an intermediate overflow. */
    public Amount mulDivFloor(long numerator, long denominator) {
        return new Amount(value.multiply(BigInteger.valueOf(numerator)).divide(BigInteger.valueOf(denominator)));
    }

    /** ⌈this · numerator / denominator⌉ without an intermediate overflow. */
    public Amount mulDivCeil(long numerator, long denominator) {
        var parts = value.multiply(BigInteger.valueOf(numerator)).divideAndRemainder(BigInteger.valueOf(denominator));
        return new Amount(parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE));
    }

    public boolean isZero() {
        return value.signum() == 0;
    }

    public boolean covers(Amount other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Amount other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
