package io.perigee.api.persistence;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Uuid7;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** Makes ids and secrets. */
@Singleton
public final class Ids {
    private final SecureRandom random = new SecureRandom();

    public UUID uuid(Instant now) {
        return Uuid7.of(now, bytes(Uuid7.RANDOM_BYTES));
    }

    /** 32 random bytes as hex: a nonce or a bearer token. */
    public String secret() {
        return HexFormat.of().formatHex(bytes(32));
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same id for the same words, so that what is said twice is stored once. */
    public static UUID named(String... words) {
        var hash = HexFormat.of()
                .parseHex(Sha256.of(Json.text(words).getBytes(StandardCharsets.UTF_8))
                        .hex());
        var buffer = ByteBuffer.wrap(hash);
        // version 8 (RFC 9562): the bits are ours to choose
        var high = (buffer.getLong() & ~0xf000L) | 0x8000L;
        var low = (buffer.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
