package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

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

    /** The public key: the 64 bytes of its point, without the tag of an uncompressed one. */
    public byte[] publicKey() {
        var encoded = new FixedPointCombMultiplier()
                .multiply(Secp256k1.CURVE.getG(), secret)
                .normalize()
                .getEncoded(false);
        return Arrays.copyOfRange(encoded, 1, encoded.length);
    }

    /** The 32 secret bytes: for key files and for {@code Salts}; never for logs. */
    public byte[] secret() {
        return Secp256k1.bytes32(secret);
    }

    /** Signs a digest as it is, such as an EIP-712 one. */
    public Signature sign(Digest digest) {
        var point = new NoncePoint();
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())) {
            @Override
            protected ECMultiplier createBasePointMultiplier() {
                return point;
            }
        };
        signer.init(true, new ECPrivateKeyParameters(secret, Secp256k1.CURVE));
        var parts = signer.generateSignature(digest.bytes());
        boolean high = parts[1].compareTo(Secp256k1.HALF_ORDER) > 0;
        // the negated s belongs to the negated point
        return Signatures.encode(
                parts[0], high ? Secp256k1.ORDER.subtract(parts[1]) : parts[1], point.isOdd() == high ? 27 : 28);
    }

    /** Keeps the point that r is of: the signature says whether its y is odd, and to find out by recovery takes longer than to sign. */
    private static final class NoncePoint extends FixedPointCombMultiplier {
        private @Nullable ECPoint last;

        @Override
        public ECPoint multiply(ECPoint base, BigInteger nonce) {
            last = super.multiply(base, nonce).normalize();
            return last;
        }

        boolean isOdd() {
            return Objects.requireNonNull(last).getAffineYCoord().testBitZero();
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
