package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.testkit.process.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class JobIT {
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @Test
    void shouldQuoteAJobWithTheOrderToSign() {
        // given
        var spec = door.spec();

        // when
        var quote = door.quote(spec);

        // then
        assertThat(quote.borders()).isEqualTo(4);
        assertThat(quote.units()).isEqualTo(8 * 4 * 64);
        assertThat(quote.quorum()).isEqualTo(2);
        assertThat(quote.order().builder()).isEqualTo(door.wallet().address());
        assertThat(quote.order().maxPayment()).isEqualTo(Amount.of(2_500_000));
        assertThat(quote.order().specHash()).isEqualTo(quote.specHash());
    }

    @Test
    void shouldTakeASignedJobAndTellTheLogOnce() {
        // given
        var request = door.signed(door.quote(door.spec()));

        // when
        var answer = door.submit(request);

        // then
        var job = Door.read(answer, JobView.class);
        answer.then().statusCode(201).header("Location", "/api/v1/jobs/" + job.id());
        assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(door.job(job.id())).isEqualTo(job);
        var said = Log.outbox(job.id().toString());
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().body())
                .isEqualTo(new JobSubmitted(
                        job.id(),
                        request.spec(),
                        request.order().specHash(),
                        request.order(),
                        request.orderSignature(),
                        null));
    }

    @Test
    void shouldGiveTheSameAnswerToTheSameRequestUnderAKey() {
        // given
        var request = door.signed(door.quote(door.spec()));
        var first = door.submit("key-1", request);

        // when
        var second = door.submit("key-1", request);

        // then
        second.then().statusCode(201).header("Idempotency-Replayed", "true");
        assertThat(second.asString()).isEqualTo(first.asString());
        assertThat(Log.outbox(request.order().jobId().toString())).hasSize(1);
    }

    @Test
    void shouldRefuseAnotherRequestUnderAUsedKey() {
        // given
        door.submit("key-1", door.signed(door.quote(door.spec())));
        var other = door.signed(door.quote(door.spec()));

        // when
        var answer = door.submit("key-1", other);

        // then
        answer.then().statusCode(422).body("code", equalTo("IDEMPOTENCY_MISMATCH"));
        assertThat(Log.outbox(other.order().jobId().toString())).isEmpty();
    }

    @Test
    void shouldTakeOneOfManySubmissionsAtOnce() throws Exception {
        // given
        var request = door.signed(door.quote(door.spec()));
        var statuses = new ArrayList<Integer>();
        var threads = new ArrayList<Thread>();

        // when
        for (int i = 0; i < 8; i++) {
            var key = "key-" + i % 2;
            threads.add(Thread.ofVirtual().start(() -> {
                var status = door.submit(key, request).statusCode();
                synchronized (statuses) {
                    statuses.add(status);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        // then
        assertThat(statuses).containsOnly(201, 409).hasSize(8);
        assertThat(Log.outbox(request.order().jobId().toString())).hasSize(1);
    }

    @Test
    void shouldNeedAKey() {
        // given
        var request = door.signed(door.quote(door.spec()));

        // when
        var answer = door.post("/jobs", request);

        // then
        answer.then().statusCode(400).body("detail", containsString("Idempotency-Key"));
    }

    @Test
    void shouldNameEveryWrongField() {
        // given
        var spec = door.spec();
        spec.put("colour", "red");
        ((ObjectNode) spec.get("resources")).put("memory", "1 elephant");
        ((ObjectNode) spec.get("train")).put("steps", -1);

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then().statusCode(422).body("code", equalTo("INVALID_SPEC"));
        List<String> paths = answer.jsonPath().getList("violations.path");
        assertThat(paths).contains("colour", "resources.memory", "train.steps");
    }

    @Test
    void shouldRefuseAMissingDataset() {
        // given
        var spec = door.spec();
        spec.put("dataset", "sha256:" + "9".repeat(64));

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("ARTIFACT_MISSING"))
                .body("violations[0].path", equalTo("dataset"));
    }

    @Test
    void shouldRefuseSomebodyElsesDataset() {
        // given
        var spec = door.spec();
        spec.put("dataset", Door.open().directory("dataset").value());

        // when
        var answer = door.post("/quotes", java.util.Map.of("spec", spec));

        // then
        answer.then().statusCode(422).body("code", equalTo("ARTIFACT_MISSING"));
    }

    @Test
    void shouldRefuseAPriceUnderEveryOffer() {
        // given
        var one = TestAgent.connect("dear-1", 5_000_000_000L);
        var two = TestAgent.connect("dear-2", 5_000_000_000L);
        for (var agent : List.of(one, two)) {
            Log.publish(new StakeChanged(agent.provider().address(), Amount.of(1_000_000_000_000L), 1));
        }
        // those of other tests are no sign of these, and offers are kept in memory until their change is heard of
        var human = java.util.Map.of("spec", door.spec());
        Await.until(
                Log.SOON, () -> door.post("/quotes", human).statusCode() != 200, () -> "their stakes do not arrive");

        // when
        var answer = door.post("/quotes", human);

        // then
        one.close();
        two.close();
        answer.then()
                .statusCode(422)
                .body("code", equalTo("PRICE_TOO_LOW"))
                .body("detail", startsWith("Expected price.max to cover"));
    }

    @Test
    void shouldListJobsByCursorNewestFirst() {
        // given
        var submitted = new ArrayList<JobId>();
        for (int i = 0; i < 5; i++) {
            submitted.addFirst(door.job().id());
        }

        // when
        var seen = new ArrayList<JobId>();
        String cursor = null;
        do {
            var page =
                    Door.read(door.get("/jobs?limit=2" + (cursor == null ? "" : "&cursor=" + cursor)), JobPage.class);
            page.items().forEach(job -> seen.add(job.id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        // then
        assertThat(seen).containsExactlyElementsOf(submitted);
        assertThat(new HashSet<>(seen)).hasSize(5);
    }

    @Test
    void shouldRefuseACursorOfItsOwnMaking() {
        door.get("/jobs?cursor=abc").then().statusCode(400).body("code", equalTo("MALFORMED"));
        door.get("/jobs?limit=0").then().statusCode(400).body("code", equalTo("MALFORMED"));
    }

    @Test
    void shouldHideJobsFromOthers() {
        // given
        var job = door.job();

        // when
        var stranger = Door.open();

        // then
        for (var path : List.of("/jobs/{id}", "/jobs/{id}/timeline", "/jobs/{id}/events", "/jobs/{id}/bundle")) {
            stranger.get(path, job.id()).then().statusCode(404).body("code", equalTo("NOT_FOUND"));
        }
        stranger.post("/jobs/" + job.id() + "/cancel", java.util.Map.of())
                .then()
                .statusCode(404);
        given().get("/api/v1/jobs/" + job.id()).then().statusCode(401);
    }

    @Test
    void shouldAskForACancelOnce() {
        // given
        var job = door.job();
        door.asking().post("/api/v1/jobs/" + job.id() + "/cancel").then().statusCode(202);

        // when
        door.asking().post("/api/v1/jobs/" + job.id() + "/cancel").then().statusCode(202);

        // then
        assertThat(Log.outbox(job.id().toString()))
                .filteredOn(envelope -> envelope.body() instanceof CancelJob)
                .singleElement()
                .satisfies(envelope -> assertThat(envelope.source())
                        .isEqualTo(door.wallet().address().value()));
    }

    @Test
    void shouldRefuseABundleBeforeTheVerdict() {
        // given
        var job = door.job();

        // when
        var answer = door.get("/jobs/{id}/bundle", job.id());

        // then
        answer.then().statusCode(409).body("code", equalTo("WRONG_STATE"));
    }

    @Test
    void shouldApplyAFactOnce() {
        // given
        var job = door.job();
        var fact = Log.publish(new JobFunded(job.id(), job.maxPayment(), 7));

        // when
        Log.publish(fact);
        var marker = Log.publish(new JobFunded(job.id(), job.maxPayment(), 8));

        // then
        Await.until(
                Log.SOON,
                () -> Log.count("select count(*) from api.inbox where envelope_id = ?", marker.id()) == 1,
                () -> "the marker did not arrive");
        assertThat(door.job(job.id()).state()).isEqualTo(JobState.FUNDED);
        assertThat(Log.count(
                        "select count(*) from api.event where job = ? and kind = 'JobFunded'",
                        job.id().value()))
                .isEqualTo(2);
    }

    @Test
    void shouldNotFindWhatIsNoJob() {
        door.get("/jobs/{id}", UUID.randomUUID()).then().statusCode(404);
        door.get("/jobs/{id}", "x").then().statusCode(404);
    }
}
