package io.perigee.protocol.crypto;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;

/** Says who signed. Accepts exactly what the contracts accept: v of 27 or 28, r and s in range, s in the lower half. */
public final class Signatures {
    private Signatures() {}

    /**
     * Recovers the signer's address.
     *
     * @throws InvalidValue when the signature is malleable (high s) or no signature of anybody
     */
    public static Address recover(Digest digest, Signature signature) {
        var s = new BigInteger(1, signature.s());
        if (s.compareTo(Secp256k1.HALF_ORDER) > 0) {
            throw new InvalidValue("Expected to recover a signer, but the signature's s is in the upper half");
        }
        return tryRecover(digest, signature)
                .orElseThrow(() -> new InvalidValue("Expected to recover a signer, but the bytes are no signature"));
    }

    /** Whether this address signed the digest; false for anything malformed. */
    public static boolean isBy(Address signer, Digest digest, Signature signature) {
        return tryRecover(digest, signature).filter(signer::equals).isPresent();
    }

    /** Whether this address signed the message as wallets do (EIP-191). */
    public static boolean isMessageBy(Address signer, byte[] message, Signature signature) {
        return isBy(signer, messageDigest(message), signature);
    }

    /** EIP-191's digest of a message: a prefix and the length in front, so that it can be no transaction. */
    public static Digest messageDigest(byte[] message) {
        var prefix = ("\u0019Ethereum Signed Message:\n" + message.length).getBytes(StandardCharsets.US_ASCII);
        return Keccak256.hash(prefix, message);
    }

    static Optional<Address> tryRecover(Digest digest, Signature signature) {
        var r = new BigInteger(1, signature.r());
        var s = new BigInteger(1, signature.s());
        int v = signature.v();
        if (v != 27 && v != 28
                || r.signum() == 0
                || r.compareTo(Secp256k1.ORDER) >= 0
                || s.signum() == 0
                || s.compareTo(Secp256k1.HALF_ORDER) > 0) {
            return Optional.empty();
        }
        return point(r, v == 28)
                .map(point -> signer(digest, r, s, point))
                .filter(p -> !p.isInfinity())
                .map(Secp256k1::address);
    }

    static Signature encode(BigInteger r, BigInteger s, int v) {
        var out = new ByteArrayOutputStream(Signature.BYTES);
        out.writeBytes(Secp256k1.bytes32(r));
        out.writeBytes(Secp256k1.bytes32(s));
        out.write(v);
        return Signature.of(out.toByteArray());
    }

    /** Q = r⁻¹·(s·R − z·G), SEC 1 section 4.1.6. */
    private static ECPoint signer(Digest digest, BigInteger r, BigInteger s, ECPoint point) {
        var z = new BigInteger(1, digest.bytes());
        var inverse = r.modInverse(Secp256k1.ORDER);
        var u1 = inverse.multiply(z).negate().mod(Secp256k1.ORDER);
        var u2 = inverse.multiply(s).mod(Secp256k1.ORDER);
        return ECAlgorithms.sumOfTwoMultiplies(Secp256k1.CURVE.getG(), u1, point, u2)
                .normalize();
    }

    private static Optional<ECPoint> point(BigInteger x, boolean odd) {
        var encoded = new byte[33];
        encoded[0] = (byte) (odd ? 3 : 2);
        System.arraycopy(Secp256k1.bytes32(x), 0, encoded, 1, 32);
        try {
            return Optional.of(Secp256k1.CURVE.getCurve().decodePoint(encoded));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
