package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.Problem;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A submission that is refused leaves nothing behind: no job, no fact, no used key, the allotment as it was. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class RefusedSubmissionIT {
    private static final long ALLOTTED = 1_000_000_000L;

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), ALLOTTED);
    }

    /** One thing wrong with an otherwise good submission. */
    enum Fault {
        UNKNOWN_KEY(400, ErrorCode.MALFORMED, body -> spec(body).put("colour", "red")),
        UNKNOWN_KEY_IN_ORDER(400, ErrorCode.MALFORMED, body -> order(body).put("tip", "1")),
        UNKNOWN_KEY_BESIDE(400, ErrorCode.MALFORMED, body -> body.put("urgent", true)),
        UNITS_IN_THE_CANONICAL_FORM(
                400, ErrorCode.MALFORMED, body -> part(body, "resources").put("memory", "1GB")),
        MISSING_FIELD(400, ErrorCode.MALFORMED, body -> order(body).remove("maxPayment")),
        NEGATIVE_PRICE(400, ErrorCode.MALFORMED, body -> part(body, "price").put("max", "-1")),
        NUL_IN_A_NAME(400, ErrorCode.MALFORMED, body -> spec(body).put("name", "a\0b")),
        NUMBER_WITHOUT_A_CANONICAL_FORM(
                400, ErrorCode.MALFORMED, body -> order(body).put("deadline", 1L << 60)),
        TOO_LITTLE_MEMORY(
                422, ErrorCode.INVALID_SPEC, body -> part(body, "resources").put("memory", 1)),
        DATASET_THAT_IS_NO_HASH(400, ErrorCode.MALFORMED, body -> spec(body).put("dataset", "./dataset")),
        SPEC_CHANGED_AFTER_SIGNING(
                422, ErrorCode.ORDER_MISMATCH, body -> spec(body).put("name", "another")),
        ORDER_CHANGED_AFTER_SIGNING(
                422, ErrorCode.BAD_SIGNATURE, body -> order(body).put("maxPayment", "2500001")),
        ANOTHER_HUB(422, ErrorCode.WRONG_HUB, body -> order(body).put("hub", "0x" + "1".repeat(40))),
        ANOTHER_BUILDER(403, ErrorCode.FORBIDDEN, body -> order(body).put("builder", "0x" + "1".repeat(40)));

        final int status;
        final ErrorCode code;
        final Consumer<ObjectNode> change;

        Fault(int status, ErrorCode code, Consumer<ObjectNode> change) {
            this.status = status;
            this.code = code;
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNothingBehind(Fault fault) {
        // given
        var body = (ObjectNode) Json.tree(door.signed(door.quote(door.spec())));
        fault.change.accept(body);

        // when
        refused(body, fault.status, fault.code);
    }

    @Test
    void shouldLeaveNothingBehindOfAnotherChainsOrder() {
        // given
        var quote = door.quote(door.spec());
        var body = (ObjectNode) Json.tree(door.signed(quote));
        var elsewhere = new Domain(11_155_111, Parties.DOMAIN.escrow());
        body.put(
                "orderSignature",
                door.wallet().sign(quote.order().digest(elsewhere)).toString());

        // when
        refused(body, 422, ErrorCode.WRONG_CHAIN);
    }

    @Test
    void shouldLeaveNothingBehindOfAnotherEscrowsOrder() {
        // given
        var quote = door.quote(door.spec());
        var body = (ObjectNode) Json.tree(door.signed(quote));
        var elsewhere = new Domain(Parties.DOMAIN.chainId(), Parties.TOKEN);
        body.put(
                "orderSignature",
                door.wallet().sign(quote.order().digest(elsewhere)).toString());

        // when
        refused(body, 422, ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void shouldLeaveNothingBehindOfAStrangersSignature() {
        // given
        var quote = door.quote(door.spec());
        var body = (ObjectNode) Json.tree(door.signed(quote));
        var stranger = KeyPair.create(new SecureRandom());
        body.put(
                "orderSignature",
                stranger.sign(quote.order().digest(Parties.DOMAIN)).toString());

        // when
        refused(body, 422, ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void shouldLeaveNothingBehindOfAnOrderAboveTheAllotment() {
        // given
        var body = (ObjectNode) Json.tree(door.signed(door.quote(door.spec())));
        Log.allot(door.wallet().address(), 2_499_999);

        // when
        refused(body, 422, ErrorCode.ALLOTMENT_TOO_SMALL);
    }

    @Test
    void shouldLeaveTheFirstJobAloneWhenItsOrderIsReplayed() {
        // given
        var body = (ObjectNode) Json.tree(door.signed(door.quote(door.spec())));
        post("first", body).then().statusCode(201);

        // when
        refused(body, 409, ErrorCode.REPLAYED_ORDER);
    }

    private void refused(ObjectNode body, int status, ErrorCode code) {
        var key = UUID.randomUUID().toString();
        var job = body.get("order").path("jobId").asText();
        var before = state(job);
        var answer = post(key, body);
        answer.then().statusCode(status).contentType("application/problem+json");
        var problem = Json.read(answer.asByteArray(), Problem.class);
        assertThat(problem.code()).isEqualTo(code.name());
        assertThat(problem.detail()).startsWith("Expected ");
        assertThat(problem.hint()).isNotBlank();
        assertThat(state(job)).isEqualTo(before);
        assertThat(Log.count("select count(*) from api.idempotency where key = ?", key))
                .as("a refused key may be used again")
                .isZero();
    }

    private io.restassured.response.Response post(String key, ObjectNode body) {
        return Door.post(door.asking().header("Idempotency-Key", key), "/api/v1/jobs", body);
    }

    private record State(long jobs, long said, long available) {}

    private State state(String job) {
        var builder = door.wallet().address().value();
        return new State(
                Log.count("select count(*) from api.job where builder = ?", builder),
                Log.outbox(job).size(),
                Log.count("select available::bigint from api.allotment where builder = ?", builder));
    }

    private static ObjectNode spec(ObjectNode body) {
        return (ObjectNode) body.get("spec");
    }

    private static ObjectNode order(ObjectNode body) {
        return (ObjectNode) body.get("order");
    }

    private static ObjectNode part(ObjectNode body, String name) {
        return (ObjectNode) spec(body).get(name);
    }
}
