package io.perigee.protocol.result;

import io.perigee.protocol.crypto.HmacSha256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;

/** Salts that a restarted agent derives again, so that it seals the same. */
public final class Salts {
    private Salts() {}

    /** HMAC-SHA256(session key's secret, assignmentHash ‖ border as a big-endian uint32). */
    public static Digest derive(KeyPair sessionKey, Digest assignmentHash, int border) {
        var word = ByteBuffer.allocate(4).putInt(border).array();
        return HmacSha256.of(sessionKey.secret(), assignmentHash.bytes(), word);
    }
}
