package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that are not what was quoted, not the sender's, or not paid for. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class RefusedOrderIT {
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @Test
    void shouldRefuseAReplayedOrder() {
        // given
        var request = door.signed(door.quote(door.spec()));
        door.submit(request).then().statusCode(201);

        // when
        var answer = door.submit(request);

        // then
        answer.then().statusCode(409).body("code", equalTo("REPLAYED_ORDER"));
    }

    @Test
    void shouldRefuseAnOrderSignedForAnotherChain() {
        // given
        var quote = door.quote(door.spec());
        var elsewhere = new Domain(1, Parties.DOMAIN.escrow());
        var request = new SubmitRequest(
                quote.spec(), quote.order(), door.wallet().sign(quote.order().digest(elsewhere)));

        // when
        var answer = door.submit(request);

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("WRONG_CHAIN"))
                .body("detail", containsString("chain 31337"));
        assertThat(Log.outbox(quote.order().jobId().toString())).isEmpty();
    }

    @Test
    void shouldRefuseAnOrderForAnotherHub() {
        refused(
                order -> with(order, Address.ZERO, order.specHash(), order.maxPayment(), order.deadline()),
                422,
                "WRONG_HUB");
    }

    @Test
    void shouldRefuseAnOrderForAnotherSpec() {
        refused(
                order -> with(order, order.hub(), Digest.ZERO, order.maxPayment(), order.deadline()),
                422,
                "ORDER_MISMATCH");
    }

    @Test
    void shouldRefuseAnOrderOfAnotherMaximum() {
        refused(
                order -> with(order, order.hub(), order.specHash(), Amount.of(1), order.deadline()),
                422,
                "ORDER_MISMATCH");
    }

    @Test
    void shouldRefuseAnExpiredOrder() {
        refused(
                order -> with(order, order.hub(), order.specHash(), order.maxPayment(), order.validAfter() - 1),
                422,
                "ORDER_EXPIRED");
    }

    @Test
    void shouldRefuseAnOrderThatLivesTooLong() {
        refused(
                order -> with(order, order.hub(), order.specHash(), order.maxPayment(), order.validAfter() + 86_401),
                422,
                "ORDER_MISMATCH");
    }

    @Test
    void shouldRefuseAnOrderThatLeavesTooLittleTime() {
        refused(
                order -> with(order, order.hub(), order.specHash(), order.maxPayment(), order.validAfter() + 60),
                422,
                "ORDER_MISMATCH");
    }

    @Test
    void shouldRefuseTheOrderOfAnotherBuilder() {
        // given
        var request = door.signed(door.quote(door.spec()));

        // when
        var answer = Door.open().submit(request);

        // then
        answer.then().statusCode(403).body("code", equalTo("FORBIDDEN"));
    }

    @Test
    void shouldRefuseASignatureOfSomebodyElse() {
        // given
        var quote = door.quote(door.spec());
        var stranger = KeyPair.create(new SecureRandom());
        var request = new SubmitRequest(
                quote.spec(), quote.order(), stranger.sign(quote.order().digest(Parties.DOMAIN)));

        // when
        var answer = door.submit(request);

        // then
        answer.then().statusCode(422).body("code", equalTo("BAD_SIGNATURE"));
    }

    @Test
    void shouldRefuseACanonicalSpecThatBreaksTheRules() {
        // given
        var quote = door.quote(door.spec());
        var json = (ObjectNode) Json.tree(door.signed(quote));
        ((ObjectNode) json.get("spec")).put("image", "sha256:" + "6".repeat(64));

        // when
        var answer = Door.post(door.asking().header("Idempotency-Key", "k"), "/api/v1/jobs", json);

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("INVALID_SPEC"))
                .body("violations[0].path", equalTo("image"));
    }

    @Test
    void shouldRefuseAnOrderAboveTheAllotment() {
        // given
        var request = door.signed(door.quote(door.spec()));
        Log.allot(door.wallet().address(), 2_499_999);

        // when
        var answer = door.submit(request);

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("ALLOTMENT_TOO_SMALL"))
                .body("detail", startsWith("Expected the allotment"))
                .body("hint", containsString("deposit"));
        assertThat(Log.outbox(request.order().jobId().toString())).isEmpty();
    }

    private void refused(UnaryOperator<JobOrder> change, int status, String code) {
        // given
        var quote = door.quote(door.spec());
        var order = change.apply(quote.order());
        var request = new SubmitRequest(quote.spec(), order, door.wallet().sign(order.digest(Parties.DOMAIN)));

        // when
        var answer = door.submit(request);

        // then
        answer.then().statusCode(status).body("code", equalTo(code)).body("detail", startsWith("Expected"));
        assertThat(Log.outbox(order.jobId().toString())).isEmpty();
    }

    private static JobOrder with(JobOrder order, Address hub, Digest specHash, Amount maximum, long deadline) {
        var validAfter = Math.min(order.validAfter(), deadline);
        return new JobOrder(
                order.builder(),
                hub,
                order.jobId(),
                specHash,
                order.token(),
                maximum,
                order.segments(),
                order.quorum(),
                order.direct(),
                validAfter,
                deadline);
    }
}
