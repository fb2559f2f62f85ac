package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Address;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;

/** The curve's numbers and the address of a public key. */
final class Secp256k1 {
    static final ECDomainParameters CURVE = curve();
    static final BigInteger ORDER = CURVE.getN();
    static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

    private Secp256k1() {}

    /** The last 20 bytes of the Keccak hash of the uncompressed point without its tag byte. */
    static Address address(ECPoint publicKey) {
        var encoded = publicKey.getEncoded(false);
        var hash =
                Keccak256.hash(Arrays.copyOfRange(encoded, 1, encoded.length)).bytes();
        return Address.of(Arrays.copyOfRange(hash, 12, 32));
    }

    /** The number as exactly 32 big-endian bytes. */
    static byte[] bytes32(BigInteger number) {
        var raw = number.toByteArray();
        var out = new byte[32];
        int skip = Math.max(0, raw.length - 32);
        System.arraycopy(raw, skip, out, 32 - (raw.length - skip), raw.length - skip);
        return out;
    }

    /** The curve with arithmetic of its own; the general one takes about three times as long. */
    private static ECDomainParameters curve() {
        var named = CustomNamedCurves.getByName("secp256k1");
        return new ECDomainParameters(named.getCurve(), named.getG(), named.getN(), named.getH());
    }
}
