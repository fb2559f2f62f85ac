package io.perigee.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who takes part in the page's example: the parties and the domain of the shared vectors. */
final class ExampleParties {
    private static final JsonNode VECTORS = read();
    static final Domain DOMAIN = new Domain(
            VECTORS.at("/domains/local/chainId").asLong(),
            Address.parse(VECTORS.at("/domains/local/verifyingContract").asText()));
    static final KeyPair BUILDER = key("builder");
    static final KeyPair HUB = key("hub");
    static final Address TOKEN =
            Address.parse(VECTORS.at("/messages/JobOrder/cases/0/fields/token").asText());
    static final Address REGISTRY =
            Address.parse(VECTORS.at("/domains/otherEscrow/verifyingContract").asText());
    static final Address EPOCHS = Address.parse("0x" + "ee".repeat(20));

    private ExampleParties() {}

    private record Signing(Address by, Digest digest) {}

    /** Made once: a page takes hundreds of each. */
    private static final class Made {
        static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();
        static final Map<Signing, Signature> SIGNATURES = new ConcurrentHashMap<>();
    }

    static KeyPair key(String name) {
        return Made.KEYS.computeIfAbsent(
                name, n -> KeyPair.ofSecret(HexFormat.of().parseHex(secret(n).substring(2))));
    }

    /** Signing twice gives the same bytes, so it is done once. */
    static Signature sign(KeyPair key, Digest digest) {
        return Made.SIGNATURES.computeIfAbsent(new Signing(key.address(), digest), _ -> key.sign(digest));
    }

    /** The worthless private key of a party, as the vectors print it. */
    static String secret(String name) {
        return VECTORS.at("/parties/" + name + "/privateKey").asText();
    }

    /** The EIP-712 type string of a message. */
    static String typeString(String message) {
        return VECTORS.at("/messages/" + message + "/typeString").asText();
    }

    /** Who signs a message of this type. */
    static String signer(String message) {
        return VECTORS.at("/messages/" + message + "/cases/0/signer").asText();
    }

    static Digest digest(String text) {
        return Keccak256.hash(bytes(text));
    }

    static ContentId content(String text) {
        return Sha256.of(bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode read() {
        try {
            return Json.parse(Files.readAllBytes(
                    Path.of("..", "protocol", "src", "test", "resources", "vectors", "eip712.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
