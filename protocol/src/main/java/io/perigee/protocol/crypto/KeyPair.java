package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * A secp256k1 key that signs. Signatures are deterministic (RFC 6979) with a low s, so signing twice gives the same
 * bytes. The secret never appears in {@link #toString()}.
 */
public final class KeyPair {
    private final BigInteger secret;
    private final Address address;

    private KeyPair(BigInteger secret) {
        if (secret.signum() <= 0 || secret.compareTo(Secp256k1.ORDER) >= 0) {
            throw new IllegalArgumentException("Expected to make a key from a secret in 1..n-1, but it is outside");
        }
        this.secret = secret;
        this.address = Secp256k1.address(new FixedPointCombMultiplier().multiply(Secp256k1.CURVE.getG(), secret));
    }

    /** Draws a key. */
    public static KeyPair create(SecureRandom random) {
        var bytes = new byte[32];
        BigInteger secret;
        do {
            random.nextBytes(bytes);
            secret = new BigInteger(1, bytes);
        } while (secret.signum() == 0 || secret.compareTo(Secp256k1.ORDER) >= 0);
        return new KeyPair(secret);
    }

    /** Takes the 32 bytes of a secret. */
    public static KeyPair ofSecret(byte[] secret) {
        if (secret.length != 32) {
            throw new IllegalArgumentException("Expected to make a key from 32 bytes, but got " + secret.length);
        }
        return new KeyPair(new BigInteger(1, secret));
    }

    public Address address() {
        return address;
    }

    /** The 32 secret bytes: for key files and for {@code Salts}; never for logs. */
    public byte[] secret() {
        return Secp256k1.bytes32(secret);
    }

    /** Signs a digest as it is, such as an EIP-712 one. */
    public Signature sign(Digest digest) {
        var nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(Secp256k1.ORDER, secret, digest.bytes());
        var z = new BigInteger(1, digest.bytes());
        while (true) {
            var k = nonces.nextK();
            var point = new FixedPointCombMultiplier()
                    .multiply(Secp256k1.CURVE.getG(), k)
                    .normalize();
            var r = point.getAffineXCoord().toBigInteger();
            var s = BigIntegers.modOddInverse(Secp256k1.ORDER, k)
                    .multiply(z.add(secret.multiply(r)))
                    .mod(Secp256k1.ORDER);
            // an x beyond the order has no v of 27 or 28; neither it nor a zero ever happens
            if (r.compareTo(Secp256k1.ORDER) < 0 && r.signum() > 0 && s.signum() > 0) {
                boolean high = s.compareTo(Secp256k1.HALF_ORDER) > 0;
                // the lower s belongs to the opposite point
                boolean odd = point.getAffineYCoord().testBitZero() != high;
                return Signatures.encode(r, high ? Secp256k1.ORDER.subtract(s) : s, odd ? 28 : 27);
            }
        }
    }

    /** Signs a message for people, as wallets do (EIP-191). */
    public Signature signMessage(byte[] message) {
        return sign(Signatures.messageDigest(message));
    }

    @Override
    public String toString() {
        return "KeyPair[" + address + "]";
    }
}
