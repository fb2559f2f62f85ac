package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/**
 * A recoverable secp256k1 signature: r (32 bytes), s (32), v (1; 27 or 28).
 *
 * <p>The shape is all that is checked here; {@code Signatures.recover} says who signed.
 *
 * @param value "0x" and 130 lower-case hex digits
 */
public record Signature(@JsonValue String value) {
    public static final int BYTES = 65;

    public Signature {
        FixedHex.require("a signature", BYTES, value);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Signature parse(String text) {
        return new Signature(text);
    }

    public static Signature of(byte[] bytes) {
        return new Signature(FixedHex.of("a signature", BYTES, bytes));
    }

    public byte[] bytes() {
        return FixedHex.bytes(value);
    }

    public byte[] r() {
        return Arrays.copyOfRange(bytes(), 0, 32);
    }

    public byte[] s() {
        return Arrays.copyOfRange(bytes(), 32, 64);
    }

    /** The recovery byte as it stands, 27 or 28 in what Perigee signs. */
    public int v() {
        return bytes()[64] & 0xff;
    }

    @Override
    public String toString() {
        return value;
    }
}
