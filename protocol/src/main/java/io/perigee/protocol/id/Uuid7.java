package io.perigee.protocol.id;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/** Makes UUIDs of version 7 (RFC 9562) from an instant and random bytes that the caller brings. */
public final class Uuid7 {
    /** How many random bytes one id takes. */
    public static final int RANDOM_BYTES = 10;

    private Uuid7() {}

    /** Milliseconds of the instant in the top 48 bits, then version, variant and 74 random bits. */
    public static UUID of(Instant at, byte[] random) {
        if (random.length != RANDOM_BYTES) {
            throw new IllegalArgumentException(
                    "Expected to make a UUID from %d random bytes, but got %d".formatted(RANDOM_BYTES, random.length));
        }
        var bytes = ByteBuffer.wrap(random);
        long high = at.toEpochMilli() << 16 | 0x7000L | bytes.getShort(0) & 0x0fffL;
        long low = bytes.getLong(2) & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
