package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;

/** The chain's hash: Keccak-256 with the original padding (not SHA3-256). */
public final class Keccak256 {
    private Keccak256() {}

    /** Hashes the parts as if they were one array. */
    public static Digest hash(byte[]... parts) {
        var whole = parts.length == 1 ? parts[0] : join(parts);
        var out = new byte[Digest.BYTES];
        new KeccakSponge().hash(whole, 0, whole.length, out, 0);
        return Digest.of(out);
    }

    private static byte[] join(byte[][] parts) {
        int length = 0;
        for (var part : parts) {
            length = Math.addExact(length, part.length);
        }
        var whole = ByteBuffer.allocate(length);
        for (var part : parts) {
            whole.put(part);
        }
        return whole.array();
    }
}
