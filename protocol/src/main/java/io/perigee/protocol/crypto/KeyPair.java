package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

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
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(secret, Secp256k1.CURVE));
        var parts = signer.generateSignature(digest.bytes());
        var low = parts[1].compareTo(Secp256k1.HALF_ORDER) > 0 ? Secp256k1.ORDER.subtract(parts[1]) : parts[1];
        for (int v = 27; v <= 28; v++) {
            var signature = Signatures.encode(parts[0], low, v);
            if (Signatures.tryRecover(digest, signature).filter(address::equals).isPresent()) {
                return signature;
            }
        }
        throw new IllegalStateException("Expected to recover the signer from a fresh signature, but could not");
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
