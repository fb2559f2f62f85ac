package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many jobs in one request. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class BatchIT {
    /** The colon stands for itself: encoded, it is another path. */
    private static final String PATH = "/api/v1/jobs:batch";

    private Door door;
    private ObjectNode spec;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
        spec = door.spec();
    }

    @Test
    void shouldReadNothingOfABatchBeforeItKnowsWhoSendsIt() throws IOException {
        // given
        var head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer nobody\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n";

        // when: it would be waited for
        var answer = Raw.send(head.formatted(PATH), Raw.trickle(Duration.ofMillis(200)));

        // then
        answer.isProblem(401, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldTakeManyJobsInOneCommitAndTellTheLogInTheirOrder() {
        // given
        var jobs = jobs(20);

        // when
        var answers = submit(jobs);

        // then
        assertThat(answers).allMatch(answer -> answer.status() == 201 && !answer.replayed());
        assertThat(answers.stream().map(SubmissionAnswer::key))
                .containsExactlyElementsOf(
                        jobs.stream().map(KeyedSubmission::key).toList());
        assertThat(answers.stream().map(SubmissionAnswer::id))
                .containsExactlyElementsOf(
                        jobs.stream().map(job -> job.request().order().jobId()).toList());
        var ids =
                jobs.stream().map(job -> job.request().order().jobId().value()).toArray(UUID[]::new);
        // the keys' rows stay as they were written; the jobs' own are written again when the facts come back from the
        // log
        assertThat(Log.count(
                        "select count(distinct xmin::text) from api.idempotency where key = any (?::text[])",
                        (Object) texts(ids)))
                .as("transactions")
                .isOne();
        assertThat(Log.count("select count(*) from api.idempotency where key = any (?::text[])", (Object) texts(ids)))
                .isEqualTo(20);
        assertThat(Log.count("""
                select count(*) from (
                  select o.key, row_number() over (order by o.seq) as sent from api.outbox o
                  where o.key = any (?::text[]) and o.topic = 'perigee.jobs') s
                where s.key = (?::text[])[s.sent]""", texts(ids), texts(ids)))
                .as("sent in their order")
                .isEqualTo(20);
    }

    @Test
    void shouldShowEachJobAsIfItHadComeAlone() {
        // given
        var job = jobs(1).getFirst();
        submit(List.of(job));
        var id = job.request().order().jobId();

        // when
        var alone = door.submit(job.key(), job.request());

        // then
        alone.then().statusCode(201).header("Idempotency-Replayed", "true");
        assertThat(door.job(id)).isEqualTo(Door.read(alone, JobView.class));
        Await.until(
                Log.SOON,
                () -> Log.count("select count(*) from api.event where job = ?", id.value()) == 1,
                () -> "the submission did not come back from the log");
    }

    @Test
    void shouldRefuseEachBadJobAtItsPlaceAndTakeTheOthers() {
        // given
        var good = jobs(3);
        var body = (ObjectNode) Json.tree(new BatchSubmission(jobs(6)));
        var jobs = (com.fasterxml.jackson.databind.node.ArrayNode) body.get("jobs");
        request(jobs, 0).withObject("/spec").put("colour", "red");
        request(jobs, 1).withObject("/order").put("maxPayment", "2500001");
        ((ObjectNode) jobs.get(2)).put("key", "two words");
        jobs.set(3, JsonNodeFactory.instance.nullNode());
        request(jobs, 4)
                .put(
                        "orderSignature",
                        good.getFirst().request().orderSignature().toString());
        var used = good.get(1).request();
        submit(List.of(good.get(1)));
        jobs.set(5, Json.tree(new KeyedSubmission("another-" + used.order().jobId(), used)));
        jobs.insert(0, Json.tree(good.get(0)));
        jobs.add(Json.tree(good.get(2)));

        // when
        var answers = read(post(body));

        // then
        assertThat(answers.stream().map(SubmissionAnswer::status))
                .containsExactly(201, 400, 422, 400, 400, 422, 409, 201);
        assertThat(answers.stream()
                        .map(SubmissionAnswer::problem)
                        .filter(Objects::nonNull)
                        .map(problem -> ErrorCode.valueOf(problem.code())))
                .containsExactly(
                        ErrorCode.MALFORMED,
                        ErrorCode.BAD_SIGNATURE,
                        ErrorCode.MALFORMED,
                        ErrorCode.MALFORMED,
                        ErrorCode.BAD_SIGNATURE,
                        ErrorCode.REPLAYED_ORDER);
        assertThat(answers.get(1).problem().detail()).contains("colour");
        assertThat(Log.count(
                        "select count(*) from api.job where builder = ?",
                        door.wallet().address().value()))
                .isEqualTo(3);
        assertThat(Log.count(
                        "select count(*) from api.idempotency where builder = ?",
                        door.wallet().address().value()))
                .as("a refused key may be used again")
                .isEqualTo(3);
    }

    @Test
    void shouldGiveTheSameAnswersToTheSameBatch() {
        // given
        var jobs = jobs(5);
        var first = submit(jobs);

        // when
        var second = submit(jobs);

        // then
        assertThat(second).allMatch(SubmissionAnswer::replayed);
        assertThat(second.stream().map(SubmissionAnswer::id))
                .containsExactlyElementsOf(
                        first.stream().map(SubmissionAnswer::id).toList());
        assertThat(Log.outbox(jobs.getFirst().request().order().jobId().toString()))
                .hasSize(1);
    }

    @Test
    void shouldCountKeysOfJobsThatCameAlone() {
        // given
        var jobs = jobs(2);
        door.submit("alone", jobs.get(0).request()).then().statusCode(201);

        // when
        var answers = submit(List.of(
                new KeyedSubmission("alone", jobs.get(0).request()),
                new KeyedSubmission("alone", jobs.get(1).request())));

        // then
        assertThat(answers.get(0).replayed()).isTrue();
        assertThat(answers.get(1).problem().code()).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH.name());
    }

    @Test
    void shouldTakeWhatIsTwiceInABatchOnce() {
        // given
        var jobs = jobs(3);
        var first = jobs.get(0);

        // when
        var answers = submit(List.of(
                first,
                first,
                new KeyedSubmission(first.key(), jobs.get(1).request()),
                new KeyedSubmission("other-key", first.request()),
                jobs.get(2)));

        // then
        assertThat(answers.stream().map(SubmissionAnswer::status)).containsExactly(201, 201, 422, 409, 201);
        assertThat(answers.stream().map(SubmissionAnswer::replayed)).containsExactly(false, true, false, false, false);
    }

    @Test
    void shouldTakeEachJobOnceHoweverManyBatchesBringIt() throws Exception {
        // given
        var jobs = jobs(12);
        var turned = new ArrayList<>(jobs).reversed();
        var answers = new ArrayList<SubmissionAnswer>();
        var threads = new ArrayList<Thread>();

        // when
        for (int i = 0; i < 4; i++) {
            var batch = i % 2 == 0 ? jobs : turned;
            threads.add(Thread.ofVirtual().start(() -> {
                var some = submit(batch);
                synchronized (answers) {
                    answers.addAll(some);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        // then
        assertThat(answers).hasSize(48).allMatch(answer -> answer.status() == 201);
        assertThat(answers.stream().filter(answer -> !answer.replayed())).hasSize(12);
    }

    @Test
    void shouldNotPromiseTheAllotmentTwice() {
        // given
        var jobs = jobs(3);
        Log.allot(door.wallet().address(), 2 * 2_500_000L + 1);

        // when
        var answers = submit(jobs);

        // then
        assertThat(answers.stream().map(SubmissionAnswer::status)).containsExactly(201, 201, 422);
        assertThat(answers.getLast().problem().code()).isEqualTo(ErrorCode.ALLOTMENT_TOO_SMALL.name());
    }

    @Test
    void shouldLetSoManyJobsOfABuilderWaitAndNoMore() {
        // given a builder with all but one of the jobs that may wait
        var first = submit(jobs(1)).getFirst().id();
        waiting(first, 19_998);

        // when
        var answers = submit(jobs(2));
        Log.execute("update api.job set state = 'ACTIVE' where order_hash = 'waits 1'");
        var later = submit(jobs(2));

        // then
        assertThat(answers.stream().map(SubmissionAnswer::status)).containsExactly(201, 429);
        assertThat(answers.getLast().problem().code()).isEqualTo(ErrorCode.RATE_LIMITED.name());
        assertThat(answers.getLast().problem().detail()).contains("wait to be placed", "perigee explain");
        assertThat(later.stream().map(SubmissionAnswer::status)).containsExactly(201, 429);
        Log.execute("delete from api.job where order_hash like 'waits %'");
    }

    /** So many jobs like another. */
    private static void waiting(JobId like, int count) {
        Log.execute("""
              insert into api.job
              select (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(), 'order_hash', 'waits ' || n))).*
              from api.job j, generate_series(1, %d) n where j.id = '%s'
              """.formatted(count, like));
        Log.execute("""
              insert into api.waiting (job, builder)
              select id, builder from api.job where order_hash like 'waits %'
              """);
    }

    @Test
    void shouldCountNoJobThatWasPlacedAsOneThatWaits() {
        // given
        var job = door.job();
        assertThat(Log.count(
                        "select count(*) from api.waiting where job = ?::uuid",
                        job.id().toString()))
                .isOne();

        // when
        Assigning.assign(SampleProvider.of("placed-" + UUID.randomUUID()), job);

        // then
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.waiting where job = ?::uuid",
                                job.id().toString())
                        == 0,
                () -> "the job is still counted");
    }

    @Test
    void shouldBoundABatch() throws IOException {
        // given
        var job = Json.tree(jobs(1).getFirst());
        var many = JsonNodeFactory.instance.objectNode();
        IntStream.rangeClosed(0, 1_000).forEach(i -> many.withArray("/jobs").add(job));
        var none = JsonNodeFactory.instance.objectNode();
        none.putArray("jobs");
        var large = Json.text(JsonNodeFactory.instance.objectNode().put("jobs", "x".repeat(8 << 20)))
                .getBytes(StandardCharsets.UTF_8);

        // then
        post(many).then().statusCode(400).body("detail", containsString("1 to 1000 jobs, but it has 1001"));
        post(none).then().statusCode(400).body("detail", containsString("but it has 0"));
        // refused before it is whole, so it must be heard while it is sent
        Raw.send(Raw.head("POST", PATH, door, "Content-Type: application/json"), large)
                .isProblem(413, ErrorCode.TOO_LARGE);
        post(JsonNodeFactory.instance.objectNode()).then().statusCode(400).body("code", equalTo("MALFORMED"));
    }

    @Test
    void shouldRefuseMoreBatchesThanItWorksOnAtOnceAndTakeThemLater() throws Exception {
        // given as many batches as are worked on at once, which wait for the database
        var jobs = jobs(5);
        var statuses = new ArrayList<Integer>();
        var threads = new ArrayList<Thread>();
        try (var connection = TestServers.postgres().connect(Log.database());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table api.idempotency in access exclusive mode");
            for (var job : jobs.subList(0, 4)) {
                threads.add(Thread.ofVirtual().start(() -> {
                    var status =
                            post(Json.tree(new BatchSubmission(List.of(job)))).statusCode();
                    synchronized (statuses) {
                        statuses.add(status);
                    }
                }));
                int inside = threads.size();
                Await.until(Log.SOON, () -> Door.inside() == inside, () -> "Expected %d batches to wait, but it is %d"
                        .formatted(inside, Door.inside()));
            }

            // when
            var answer = post(Json.tree(new BatchSubmission(List.of(jobs.getLast()))));

            // then
            answer.then().statusCode(503).body("code", equalTo("UNAVAILABLE"));
            connection.rollback();
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(statuses).containsExactly(200, 200, 200, 200);
        assertThat(submit(List.of(jobs.getLast())).getFirst().status()).isEqualTo(201);
    }

    @Test
    void shouldNeedASession() {
        // when
        var answer = Door.post(
                io.restassured.RestAssured.given().urlEncodingEnabled(false),
                PATH,
                JsonNodeFactory.instance.objectNode());

        // then
        answer.then().statusCode(401);
    }

    private static ObjectNode request(JsonNode jobs, int place) {
        return (ObjectNode) jobs.get(place).get("request");
    }

    /** Signed jobs that differ in their order alone. */
    private List<KeyedSubmission> jobs(int count) {
        var quote = door.quote(spec);
        return IntStream.range(0, count).mapToObj(_ -> job(quote)).toList();
    }

    private KeyedSubmission job(Quote quote) {
        var order = door.quote(spec).order();
        assertThat(order.maxPayment()).isEqualTo(Amount.of(2_500_000));
        var signature = door.wallet().sign(order.digest(io.perigee.testkit.sample.Parties.DOMAIN));
        return new KeyedSubmission(order.jobId().toString(), new SubmitRequest(quote.spec(), order, signature));
    }

    private List<SubmissionAnswer> submit(List<KeyedSubmission> jobs) {
        return read(post(Json.tree(new BatchSubmission(jobs))));
    }

    private Response post(JsonNode body) {
        return Door.post(door.asking().urlEncodingEnabled(false), PATH, body);
    }

    private static List<SubmissionAnswer> read(Response response) {
        return Door.read(response, BatchAnswer.class).answers();
    }

    private static String[] texts(UUID[] ids) {
        return Arrays.stream(ids).map(UUID::toString).toArray(String[]::new);
    }
}
