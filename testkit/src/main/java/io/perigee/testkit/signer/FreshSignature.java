package io.perigee.testkit.signer;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** ECDSA with a random number of its own, as key services sign: twice the same data gives two signatures, both good. */
final class FreshSignature {
    /** The order of secp256k1 (SEC 2, section 2.4.1). */
    private static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private static final SecureRandom RANDOM = new SecureRandom();

    private FreshSignature() {}

    static Signature of(KeyPair key, byte[] data) {
        // a key that is thrown away is the random number, and its public key the point
        var once = KeyPair.create(RANDOM);
        var point = once.publicKey();
        var r = new BigInteger(1, Arrays.copyOf(point, 32)).mod(ORDER);
        var z = new BigInteger(1, Keccak256.hash(data).bytes());
        var s = new BigInteger(1, once.secret())
                .modInverse(ORDER)
                .multiply(z.add(r.multiply(new BigInteger(1, key.secret()))))
                .mod(ORDER);
        boolean odd = (point[63] & 1) == 1;
        if (s.compareTo(ORDER.shiftRight(1)) > 0) {
            s = ORDER.subtract(s);
            odd = !odd;
        }
        return Signature.of(ByteBuffer.allocate(Signature.BYTES)
                .put(bytes32(r))
                .put(bytes32(s))
                .put((byte) (odd ? 28 : 27))
                .array());
    }

    private static byte[] bytes32(BigInteger number) {
        var raw = number.toByteArray();
        var out = new byte[32];
        int skip = Math.max(0, raw.length - 32);
        System.arraycopy(raw, skip, out, 32 - (raw.length - skip), raw.length - skip);
        return out;
    }
}
