package io.perigee.testkit.sample;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Who takes part. A key is made from its name, so that a test that fails can be run again. */
public final class Parties {
    public static final Domain DOMAIN = new Domain(31337, Address.parse("0x" + "e5".repeat(20)));
    public static final Address TOKEN = Address.parse("0x" + "70".repeat(20));
    public static final KeyPair HUB = key("hub");
    public static final KeyPair BUILDER = key("builder");

    private Parties() {}

    private record Signing(Address by, Digest digest) {}

    /** Made on first use, before any constant of the class that needs it. */
    private static final class Keys {
        static final ConcurrentMap<String, KeyPair> BY_NAME = new ConcurrentHashMap<>();
        static final ConcurrentMap<Signing, Signature> SIGNATURES = new ConcurrentHashMap<>();
    }

    public static KeyPair key(String name) {
        return Keys.BY_NAME.computeIfAbsent(
                name, n -> KeyPair.ofSecret(digest("key " + n).bytes()));
    }

    /** Signing the same again gives the same bytes, so a signature is made once. */
    static Signature sign(KeyPair key, Digest digest) {
        return Keys.SIGNATURES.computeIfAbsent(new Signing(key.address(), digest), _ -> key.sign(digest));
    }

    public static Digest digest(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    public static ContentId content(String text) {
        return ContentId.parse("sha256:" + digest(text).value().substring(2));
    }
}
