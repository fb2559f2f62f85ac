package io.perigee.testkit.data;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import java.nio.charset.StandardCharsets;

/** Keys and ids that are the same in every run, one for each name. */
public final class Wallets {
    private Wallets() {}

    public static KeyPair named(String name) {
        return KeyPair.ofSecret(hash("wallet/" + name));
    }

    public static Address address(String name) {
        return named(name).address();
    }

    public static ProviderId provider(String name) {
        return ProviderId.of(hash("provider/" + name));
    }

    private static byte[] hash(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).digest().bytes();
    }
}
