package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * An account or contract on the chain.
 *
 * @param value "0x" and 40 lower-case hex digits; the mixed-case checksum of EIP-55 is read and dropped
 */
public record Address(@JsonValue String value) implements Comparable<Address> {
    public static final int BYTES = 20;

    public static final Address ZERO = new Address("0x" + "0".repeat(2 * BYTES));

    public Address {
        FixedHex.require("an address", BYTES, value);
    }

    /** Reads an address in any case. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Address parse(String text) {
        return new Address(text.toLowerCase(Locale.ROOT));
    }

    public static Address of(byte[] bytes) {
        return new Address(FixedHex.of("an address", BYTES, bytes));
    }

    public byte[] bytes() {
        return FixedHex.bytes(value);
    }

    @Override
    public int compareTo(Address other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
