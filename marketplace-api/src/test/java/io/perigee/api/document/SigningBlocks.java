package io.perigee.api.document;

import static io.perigee.api.document.ExampleJob.FIRST;
import static io.perigee.api.document.ExampleJob.ORDER_HASH;
import static io.perigee.api.document.ExampleParties.DOMAIN;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.AbiWords;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Release;
import io.perigee.protocol.message.Signed;
import io.perigee.protocol.result.SegmentHashes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every signed message with its digest and a real signature; leaves, roots, salts and seals step by step. */
final class SigningBlocks {
    private static final List<String> PARTIES = List.of("builder", "hub", "owner", "session", "owner2", "session2");

    private SigningBlocks() {}

    /** @param signer the party of the vectors whose key signs it here */
    record Example(Signed message, String signer) {
        Digest digest() {
            return message.digest(DOMAIN);
        }

        Signature signature() {
            return ExampleParties.sign(ExampleParties.key(signer), digest());
        }
    }

    static final List<Example> EXAMPLES = List.of(
            new Example(ExampleJob.ORDER, "builder"),
            new Example(FIRST.assignment(), "hub"),
            new Example(new Acceptance(FIRST.hash()), "session"),
            new Example(FIRST.commitment(last()), "session"),
            new Example(FIRST.receipt(last()), "hub"),
            new Example(ExampleJob.SECOND.verdict(FIRST), "session2"),
            new Example(new Release(ORDER_HASH, FIRST.hash(), FIRST.wallet().address(), Amount.of(6_144)), "builder"),
            new Example(FIRST.sessionKey(), "owner"));

    static Map<String, String> all(FieldTables tables) {
        var blocks = new TreeMap<String, String>();
        blocks.put("parties", parties());
        blocks.put("domain", domain());
        for (var example : EXAMPLES) {
            var type = example.message().getClass();
            blocks.put("signed " + type.getSimpleName(), signed(example, tables));
        }
        var missing = Arrays.stream(Signed.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !blocks.containsKey("signed " + name))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Expected an example of every signed message, but not of " + missing);
        }
        blocks.put("provider id", providerId());
        blocks.put("manifest", manifest());
        blocks.put("leaves", leaves());
        blocks.put("seals", seals());
        return blocks;
    }

    private static int last() {
        return ExampleJob.SPEC.borders();
    }

    private static String parties() {
        return "| Party | Address | Private key |\n| --- | --- | --- |\n"
                + PARTIES.stream()
                        .map(name -> "| %s | `%s` | `%s` |"
                                .formatted(name, address(ExampleParties.key(name)), ExampleParties.secret(name)))
                        .collect(Collectors.joining("\n"));
    }

    private static String address(KeyPair key) {
        return key.address().value();
    }

    private static String domain() {
        var domain = Json.mapper().createObjectNode();
        domain.put("name", "Perigee")
                .put("version", "1")
                .put("chainId", DOMAIN.chainId())
                .put("verifyingContract", DOMAIN.escrow().value());
        return PrettyJson.fenced(domain) + "\n\nIts separator is `%s`.".formatted(DOMAIN.separator());
    }

    private static String signed(Example example, FieldTables tables) {
        var type = example.message().getClass();
        return """
            %s

            %s

            | | |
            | --- | --- |
            | type | `%s` |
            | struct hash | `%s` |
            | digest | `%s` |
            | signer | %s `%s` |
            | signature | `%s` |
            """.formatted(
                        tables.table(type.getSimpleName(), type),
                        PrettyJson.fenced(example.message()),
                        typeString(type),
                        example.message().structHash(),
                        example.digest(),
                        example.signer(),
                        address(ExampleParties.key(example.signer())),
                        example.signature());
    }

    /** From the vectors, which the records' own digests are tested against. */
    private static String typeString(Class<?> type) {
        return ExampleParties.typeString(type.getSimpleName());
    }

    private static String providerId() {
        return """
            | | |
            | --- | --- |
            | owner | `%s` |
            | salt | `%s` |
            | provider id | `%s` |
            """.formatted(FIRST.wallet().address(), FIRST.registrationSalt(), FIRST.provider());
    }

    private static String manifest() {
        return """
            ```text
            %s
            ```

            Content id: `%s`. As `outputDigest`: `%s`.
            """.formatted(
                        new String(ExampleJob.OUTPUTS.bytes(), java.nio.charset.StandardCharsets.UTF_8),
                        ExampleJob.OUTPUTS.digest(),
                        ExampleJob.OUTPUTS.digest().digest());
    }

    private static String leaves() {
        var rows = new ArrayList<String>();
        for (var segment : FIRST.segments(last())) {
            rows.add("| %d | `%s` |".formatted(segment.border(), segment.leaf(ORDER_HASH)));
        }
        return """
            The 192 bytes that are hashed for border 1:

            ```text
            %s
            ```

            | Border | Leaf |
            | --- | --- |
            %s

            | Borders | Root |
            | --- | --- |
            %s
            """.formatted(encodedLeaf(FIRST.segment(1)), String.join("\n", rows), roots());
    }

    private static String roots() {
        return FIRST.segments(last()).stream()
                .map(segment -> "| 1 to %d | `%s` |"
                        .formatted(
                                segment.border(),
                                FIRST.opening(segment.border()).root()))
                .collect(Collectors.joining("\n"));
    }

    private static String encodedLeaf(SegmentHashes segment) {
        return lines(new AbiWords()
                .digest(ORDER_HASH)
                .number(segment.border())
                .digest(segment.adapter().digest())
                .digest(segment.optimizer().digest())
                .digest(segment.state().digest())
                .digest(segment.metrics().digest())
                .bytes());
    }

    private static String seals() {
        var opening = FIRST.opening(last());
        var salted =
                ByteBuffer.allocate(36).put(FIRST.hash().bytes()).putInt(last()).array();
        var encoded = new AbiWords()
                .digest(FIRST.hash())
                .number(last())
                .digest(opening.root())
                .number(opening.leafCount())
                .digest(opening.outputDigest())
                .digest(opening.salt())
                .bytes();
        return """
            | | |
            | --- | --- |
            | HMAC key | the 32 bytes of the session key, here party `session` |
            | HMAC message | `0x%s` |
            | salt | `%s` |
            | seal | `%s` |

            The 192 bytes that are hashed for the seal:

            ```text
            %s
            ```
            """.formatted(
                        HexFormat.of().formatHex(salted),
                        opening.salt(),
                        FIRST.commitment(last()).seal(),
                        lines(encoded));
    }

    /** One word of 32 bytes on each line. */
    private static String lines(byte[] words) {
        return HexFormat.of().formatHex(words).replaceAll("(.{64})(?=.)", "$1\n");
    }
}
