package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * 32 bytes that name something: a hash, a Merkle root, a seal.
 *
 * @param value "0x" and 64 lower-case hex digits
 */
public record Digest(@JsonValue String value) implements Comparable<Digest> {
    public static final int BYTES = 32;

    /** All zero: "none" wherever the contracts say so. */
    public static final Digest ZERO = new Digest("0x" + "0".repeat(2 * BYTES));

    public Digest {
        FixedHex.require("a 32-byte digest", BYTES, value);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Digest parse(String text) {
        return new Digest(text);
    }

    public static Digest of(byte[] bytes) {
        return new Digest(FixedHex.of("a digest", BYTES, bytes));
    }

    public byte[] bytes() {
        return FixedHex.bytes(value);
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    @Override
    public int compareTo(Digest other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
