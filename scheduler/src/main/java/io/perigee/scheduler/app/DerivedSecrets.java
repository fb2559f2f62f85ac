package io.perigee.scheduler.app;

import io.perigee.market.lifecycle.HubSecrets;
import io.perigee.protocol.crypto.HmacSha256;
import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The hub's secrets for its draws, derived from one of 32 bytes, its key or a file of its own: HMAC-SHA256(it,
 * "perigee draw" ‖ orderHash ‖ attempt as a big-endian uint32). A scheduler that starts again, and another beside it, know
 * the same ones.
 */
final class DerivedSecrets implements HubSecrets {
    private static final byte[] PURPOSE = "perigee draw".getBytes(StandardCharsets.UTF_8);

    private final byte[] seed;

    DerivedSecrets(byte[] seed) {
        this.seed = seed.clone();
    }

    @Override
    public Digest secret(Digest orderHash, int attempt) {
        var number = ByteBuffer.allocate(Integer.BYTES).putInt(attempt).array();
        return HmacSha256.of(seed, PURPOSE, orderHash.bytes(), number);
    }
}
