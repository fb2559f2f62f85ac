package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A decimal fraction with one spelling: plain digits, no exponent, no trailing zeros ("0.0002", "-1.5", "0").
 *
 * <p>Canonical documents hold no floats; a learning rate or a loss is written as one of these, in a string.
 */
public record Decimal(@JsonValue String value) implements Comparable<Decimal> {
    private static final Pattern FORM = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?");

    public static final Decimal ZERO = new Decimal("0");

    public Decimal {
        if (!normal(value).equals(value)) {
            throw InvalidValue.reading("a decimal", value, "its one spelling is '%s'".formatted(normal(value)));
        }
    }

    /** Reads any usual spelling ("2e-4", "0.00020") and keeps the normal one. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Decimal parse(String text) {
        return new Decimal(normal(text));
    }

    public static Decimal of(BigDecimal number) {
        return parse(number.toString());
    }

    /**
     * The shortest decimal that reads back as this float.
     *
     * @throws InvalidValue for NaN and the infinities
     */
    public static Decimal of(double number) {
        return parse(Double.toString(number));
    }

    public BigDecimal number() {
        return new BigDecimal(value);
    }

    @Override
    public int compareTo(Decimal other) {
        return number().compareTo(other.number());
    }

    @Override
    public String toString() {
        return value;
    }

    private static String normal(String text) {
        if (!FORM.matcher(text).matches()) {
            throw InvalidValue.reading("a decimal", text, "it is not a decimal number such as 0.0002");
        }
        var number = new BigDecimal(text).stripTrailingZeros();
        return number.signum() == 0 ? "0" : number.toPlainString();
    }
}
