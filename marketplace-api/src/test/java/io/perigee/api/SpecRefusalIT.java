package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs that a builder may sign, but that this hub does not run. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class SpecRefusalIT {
    private static final String OTHER_IMAGE = "sha256:" + "6".repeat(64);

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @Test
    void shouldQuoteTheImageOfTheNamedTrainer() {
        assertThat(door.quote(door.spec()).spec().image()).hasToString(Servers.TRAINER_IMAGE);
    }

    @Test
    void shouldRefuseATrainersNameWithAnotherImage() {
        refused(spec -> spec.put("image", OTHER_IMAGE), "image", "the image of trainer 'strict'");
    }

    @Test
    void shouldRefuseATrainersNameWithAnUploadedImage() {
        refused(
                spec -> spec.put("image", OTHER_IMAGE).put("imageSource", "artifact:" + OTHER_IMAGE),
                "imageSource",
                "trainer");
    }

    @Test
    void shouldRefuseATrainersImageWithoutItsName() {
        refused(spec -> spec.put("trainer", ""), "imageSource", "artifact:sha256:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "full-audit"})
    void shouldRefuseToAuditAnImageOfTheBuildersOwn(String policy) {
        // given
        var spec = door.spec();
        spec.put("trainer", "").put("image", OTHER_IMAGE).put("imageSource", "artifact:" + OTHER_IMAGE);
        spec.putObject("verification").put("policy", policy);

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("INVALID_SPEC"))
                .body("retryable", equalTo(false))
                .body("violations.path", hasItem("verification.policy"));
    }

    @Test
    void shouldNameWhatTheTrainerDoesNotDo() {
        // given
        var spec = door.spec();
        spec.putObject("method").put("kind", "dora");

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("INVALID_SPEC"))
                .body("violations[0].path", equalTo("method.kind"))
                .body("violations[0].expected", equalTo("lora, as trainer 'strict' takes"))
                .body("violations[0].actual", equalTo("dora"));
    }

    @Test
    void shouldNameSectionsThatDoNotFitTogether() {
        // given
        var spec = door.spec();
        spec.putObject("evaluate").put("every", 1);

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then().statusCode(422).body("violations.path", org.hamcrest.Matchers.hasItem("data.heldOut"));
    }

    private void refused(Consumer<ObjectNode> change, String path, String expected) {
        // given
        var quote = door.quote(door.spec());
        var changed = (ObjectNode) Json.tree(quote.spec());
        change.accept(changed);
        var spec = Json.read(Json.text(changed), JobSpec.class);
        var order = forSpec(quote.order(), spec);

        // when
        var answer = door.submit(new SubmitRequest(spec, order, door.wallet().sign(order.digest(Parties.DOMAIN))));

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("INVALID_SPEC"))
                .body("detail", startsWith("Expected"))
                .body("violations[0].path", equalTo(path))
                .body("violations[0].expected", containsString(expected));
        assertThat(Log.outbox(order.jobId().toString())).isEmpty();
    }

    private static JobOrder forSpec(JobOrder order, JobSpec spec) {
        return new JobOrder(
                order.builder(),
                order.hub(),
                order.jobId(),
                SpecHash.of(spec),
                order.token(),
                order.maxPayment(),
                order.segments(),
                order.quorum(),
                order.direct(),
                order.validAfter(),
                order.deadline());
    }
}
