package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that come one by one while commits are on their way. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class SharedIntakeIT {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Door door;
    private Quote quote;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
        quote = door.quote(door.spec());
    }

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void shouldStoreInOneCommitWhatCameWhileOthersWereOnTheirWay() throws Exception {
        // given
        var jobs = IntStream.range(0, 12).mapToObj(_ -> job()).toList();

        // when
        var answers = together(
                jobs.stream().<Callable<Response>>map(job -> () -> submit(job)).toList());

        // then: two had a commit each, and the ten that came meanwhile had one
        for (int i = 0; i < jobs.size(); i++) {
            answers.get(i).then().statusCode(201);
            assertThat(Door.read(answers.get(i), JobView.class).id()).isEqualTo(id(jobs.get(i)));
            assertThat(Log.outbox(id(jobs.get(i)).toString())).hasSize(1);
        }
        assertThat(commits(jobs)).isEqualTo(3);
    }

    @Test
    void shouldGiveEachOfThemTheAnswerThatItWouldHaveAlone() throws Exception {
        // given
        var first = job();
        var second = job();
        var good = job();
        var forged = new SubmitRequest(quote.spec(), job().order(), good.orderSignature());

        // when
        var answers = together(List.of(
                () -> submit(first),
                () -> submit(second),
                () -> submit(good),
                () -> submit(forged),
                () -> submit(good),
                () -> door.submit("another-key", good)));

        // then
        assertThat(answers.stream().map(Response::statusCode)).containsExactly(201, 201, 201, 422, 201, 409);
        answers.get(3).then().body("code", equalTo(ErrorCode.BAD_SIGNATURE.name()));
        assertThat(answers.get(4).header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(answers.get(4).asString()).isEqualTo(answers.get(2).asString());
        answers.get(5).then().body("code", equalTo(ErrorCode.REPLAYED_ORDER.name()));
        assertThat(Log.outbox(id(good).toString())).hasSize(1);
        assertThat(Log.outbox(id(forged).toString())).isEmpty();
    }

    /** The answers to requests that all came before the first two of them could be stored. */
    private List<Response> together(List<Callable<Response>> requests) throws Exception {
        var answers = new ArrayList<Future<Response>>();
        try (var connection = TestServers.postgres().connect(Log.database());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table api.idempotency in access exclusive mode");
            for (int i = 0; i < requests.size(); i++) {
                answers.add(threads.submit(requests.get(i)));
                int inside = i + 1;
                Await.until(Log.SOON, () -> Door.inside() == inside, () -> "Expected %d requests to wait, but it is %d"
                        .formatted(inside, Door.inside()));
            }
            connection.rollback();
        }
        var all = new ArrayList<Response>();
        for (var answer : answers) {
            all.add(answer.get());
        }
        return all;
    }

    private SubmitRequest job() {
        var order = door.quote(door.spec()).order();
        return new SubmitRequest(quote.spec(), order, door.wallet().sign(order.digest(Parties.DOMAIN)));
    }

    private Response submit(SubmitRequest request) {
        return door.submit(id(request).toString(), request);
    }

    private static JobId id(SubmitRequest request) {
        return request.order().jobId();
    }

    private static long commits(List<SubmitRequest> jobs) {
        return Log.count("select count(distinct xmin::text) from api.outbox where key = any (?)", (Object)
                jobs.stream().map(job -> id(job).toString()).toArray(String[]::new));
    }
}
