package io.perigee.protocol.crypto;

import io.perigee.protocol.id.Digest;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over the parts as if they were one array. */
public final class HmacSha256 {
    private HmacSha256() {}

    public static Digest of(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return Digest.of(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Expected to compute HMAC-SHA256, but the JDK refused", e);
        }
    }
}
