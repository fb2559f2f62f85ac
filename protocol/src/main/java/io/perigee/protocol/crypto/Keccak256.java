package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Digest;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The chain's hash: Keccak-256 with the original padding (not SHA3-256). */
public final class Keccak256 {
    private Keccak256() {}

    /** Hashes the parts as if they were one array. */
    public static Digest hash(byte[]... parts) {
        return Digest.of(bytes(parts));
    }

    /** The same 32 bytes as they are: for who hashes a million names and writes none of them. */
    public static byte[] bytes(byte[]... parts) {
        var keccak = new KeccakDigest(256);
        for (var part : parts) {
            keccak.update(part, 0, part.length);
        }
        var out = new byte[Digest.BYTES];
        keccak.doFinal(out, 0);
        return out;
    }
}
