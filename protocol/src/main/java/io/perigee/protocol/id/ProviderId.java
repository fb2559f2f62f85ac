package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The registered id of a provider. Stake, pay and slashes belong to its owner, never to the id.
 *
 * @param value "0x" and 64 lower-case hex digits
 */
public record ProviderId(@JsonValue String value) implements Comparable<ProviderId> {
    public ProviderId {
        FixedHex.require("a provider id", Digest.BYTES, value);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ProviderId parse(String text) {
        return new ProviderId(text);
    }

    public static ProviderId of(byte[] bytes) {
        return new ProviderId(FixedHex.of("a provider id", Digest.BYTES, bytes));
    }

    public byte[] bytes() {
        return FixedHex.bytes(value);
    }

    @Override
    public int compareTo(ProviderId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
