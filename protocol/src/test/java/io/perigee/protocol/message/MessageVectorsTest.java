package io.perigee.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.Vectors;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import java.math.BigInteger;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageVectorsTest {
    private static final JsonNode VECTORS = Vectors.read("eip712");
    private static final Map<String, Class<? extends Signed>> TYPES = Map.of(
            "JobOrder", JobOrder.class,
            "Assignment", Assignment.class,
            "Acceptance", Acceptance.class,
            "Commitment", Commitment.class,
            "Receipt", Receipt.class,
            "Verdict", Verdict.class,
            "Release", Release.class,
            "SessionKey", SessionKey.class);

    static Stream<Arguments> cases() {
        return VECTORS.get("messages").properties().stream().flatMap(message -> StreamSupport.stream(
                        message.getValue().get("cases").spliterator(), false)
                .map(c -> Arguments.of(message.getKey(), c.get("label").asText(), c)));
    }

    @Test
    void shouldKnowEveryMessageOfTheVectors() {
        assertThat(VECTORS.get("messages").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void shouldEncodeEveryFieldAsTheChainDoes(String name, String label, JsonNode vector) {
        // given
        var typeString = VECTORS.get("messages").get(name).get("typeString").asText();
        var words = new AbiWords().digest(Domain.type(typeString));
        var fields = typeString
                .substring(typeString.indexOf('(') + 1, typeString.length() - 1)
                .split(",");

        // when
        for (var field : fields) {
            var parts = field.split(" ");
            encode(words, parts[0], vector.get("fields").get(parts[1]));
        }

        // then
        assertThat(words.keccak().value()).isEqualTo(vector.get("structHash").asText());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void shouldHashAndSignAsViemDoes(String name, String label, JsonNode vector) {
        // given
        if (!fits(vector)) {
            assertThatThrownBy(() -> message(name, vector)).isInstanceOf(InvalidValue.class);
            return;
        }
        var party = VECTORS.get("parties").get(vector.get("signer").asText());
        var key = KeyPair.ofSecret(Vectors.hex(party.get("privateKey")));
        var domain = domain(vector.get("domain").asText());

        // when
        var message = message(name, vector);

        // then
        var digest = message.digest(domain);
        assertThat(message.structHash().value())
                .isEqualTo(vector.get("structHash").asText());
        assertThat(digest.value()).isEqualTo(vector.get("digest").asText());
        assertThat(key.address()).isEqualTo(Address.parse(party.get("address").asText()));
        assertThat(key.sign(digest).value()).isEqualTo(vector.get("signature").asText());
        assertThat(Signatures.recover(
                        digest, Signature.parse(vector.get("signature").asText())))
                .isEqualTo(key.address());
    }

    @Test
    void shouldSeparateDomainsAsTheChainDoes() {
        for (var entry : VECTORS.get("domains").properties()) {
            assertThat(domain(entry.getKey()).separator().value())
                    .isEqualTo(entry.getValue().get("separator").asText());
        }
    }

    @Test
    void shouldNameTheStrictClassByItsHash() {
        assertThat(NumericClass.STRICT).isEqualTo(Domain.type("perigee.class.strict.v1"));
    }

    private static Domain domain(String name) {
        var domain = VECTORS.get("domains").get(name);
        return new Domain(
                domain.get("chainId").asLong(),
                Address.parse(domain.get("verifyingContract").asText()));
    }

    /** Perigee refuses numbers above Java's signed range and job ids that are no UUIDv7; the vectors probe both. */
    private static boolean fits(JsonNode vector) {
        var label = vector.get("label").asText();
        boolean job = vector.get("fields").has("jobId");
        boolean numbers = Stream.of("segments", "attempt", "toBorder", "receivedAt", "verifiedTo", "serial")
                .anyMatch(vector.get("fields")::has);
        return switch (label) {
            case "every field zero" -> !job;
            case "every field at its most", "highest and lowest bit" -> !numbers;
            default -> true;
        };
    }

    private static Signed message(String name, JsonNode vector) {
        var fields = Json.mapper().createObjectNode();
        vector.get("fields").properties().forEach(field -> put(fields, field.getKey(), field.getValue()));
        return Json.read(fields, TYPES.get(name));
    }

    private static void put(ObjectNode fields, String name, JsonNode value) {
        switch (name) {
            case "jobId" -> fields.put(name, JobId.ofBytes32(Vectors.hex(value)).toString());
            case "maxPayment", "price", "bond", "amount" -> fields.put(name, value.asText());
            case "direct" -> fields.put(name, value.asBoolean());
            case "builder", "hub", "token", "owner", "payee", "key" -> fields.put(name, value.asText());
            default -> {
                if (value.asText().startsWith("0x")) {
                    fields.put(name, value.asText());
                } else {
                    fields.put(name, number(value));
                }
            }
        }
    }

    private static long number(JsonNode value) {
        var number = Vectors.number(value);
        return number.bitLength() > 31 && number.equals(BigInteger.TWO.pow(32).subtract(BigInteger.ONE))
                ? -1
                : number.longValue();
    }

    private static void encode(AbiWords words, String type, JsonNode value) {
        switch (type) {
            case "address" -> words.address(Address.parse(value.asText()));
            case "bytes32" -> words.digest(Digest.parse(value.asText()));
            case "bool" -> words.bool(value.asBoolean());
            default -> words.amount(Amount.parse(value.asText()));
        }
    }
}
