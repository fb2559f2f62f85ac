package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one may keep, and what there is room for. */
@QuarkusTest
@QuarkusTestResource(value = QuotaIT.Small.class, restrictToAnnotatedClass = true)
final class QuotaIT {
    private static final String FILE = "application/octet-stream";

    /** Servers that keep a mebibyte for each, two for whom they know, and would take any one artifact. */
    public static final class Small extends Servers {
        @Override
        public Map<String, String> start() {
            var settings = super.start();
            settings.put("perigee.api.artifacts.quota", "2M");
            settings.put("perigee.api.artifacts.quota-without-allotment", "1M");
            settings.put("perigee.api.artifacts.max-size", "1000T");
            return settings;
        }
    }

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldNotCountAgainWhatIsHere() {
        // given
        var bytes = random(1, 600_000);
        door.append(door.announce(bytes, FILE), 0, bytes).then().statusCode(200);

        // when
        var again = announce(Sha256.of(bytes), bytes.length);

        // then
        again.then().statusCode(201);
        assertThat(again.jsonPath().getBoolean("complete")).isTrue();
    }

    @Test
    void shouldNotCountAgainWhatIsOnItsWay() {
        // given
        var upload = door.announce(random(2, 600_000), FILE);

        // when
        var again = announce(upload.sha256(), 600_000);

        // then
        again.then().statusCode(201);
        assertThat(again.jsonPath().getString("id")).isEqualTo(upload.id());
    }

    @Test
    void shouldRefuseMoreThanOneMayKeepHoweverManyAskAtOnce() {
        // when
        var answers = new ConcurrentLinkedQueue<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var id = Sha256.of(random(10 + i, 10));
                threads.submit(() -> answers.add(announce(id, 400_000).statusCode()));
            }
        }

        // then: two fit
        assertThat(answers.stream().filter(status -> status == 201)).hasSize(2);
        assertThat(answers.stream().filter(status -> status == 413)).hasSize(6);
    }

    @Test
    void shouldRefuseWhatThereIsNoRoomFor() {
        // when
        var answer = announce(Sha256.of(random(3, 10)), 900L << 40);

        // then
        answer.then().statusCode(503);
        assertThat(answer.jsonPath().getString("code")).isEqualTo(ErrorCode.UNAVAILABLE.name());
        assertThat(answer.jsonPath().getString("detail")).contains("room");
    }

    @Test
    void shouldKeepMoreForWhoHasAnAllotment() {
        // given
        var id = Sha256.of(random(4, 10));
        var before = announce(id, 1_500_000);
        Log.allot(door.wallet().address(), 1);

        // when
        var answer = announce(id, 1_500_000);

        // then
        before.then().statusCode(413);
        assertThat(before.jsonPath().getString("detail")).contains("1048576 bytes", "until it has an allotment");
        answer.then().statusCode(201);
        announce(Sha256.of(random(5, 10)), 1_500_000).then().statusCode(413);
    }

    @Test
    void shouldCountOfAProviderWhatItsAttemptsThatGoOnSent() {
        // given: results that do not fit together
        try (var agent = TestAgent.connect(SampleProvider.of("agent-" + UUID.randomUUID()))) {
            for (int i = 0; i < 3; i++) {
                var job = Door.open().job();
                Assigning.assign(agent.provider(), job);
                agent.next(HubMessage.AssignmentOffer.class);
                var bytes = random(20 + i, 1_500_000);

                // when
                var announced = announce(agent.token(), Sha256.of(bytes), bytes.length);
                var beside = announce(agent.token(), Sha256.of(random(30 + i, 10)), bytes.length);

                // then
                announced.then().statusCode(201);
                beside.then().statusCode(413);
                Door.append(agent.token(), Door.read(announced, UploadView.class), 0, bytes)
                        .then()
                        .statusCode(200);
                announce(agent.token(), Sha256.of(random(30 + i, 10)), bytes.length)
                        .then()
                        .statusCode(413);
                end(job);
            }
        }
    }

    private static void end(JobView job) {
        Log.publish(new AttemptEnded(job.id(), 0, AttemptEnd.CANCELLED, null, null, "no longer needed"));
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.attempt where job = ? and state = 'CANCELLED'",
                                job.id().value())
                        == 1,
                () -> "the attempt did not end");
    }

    private Response announce(ContentId id, long size) {
        return announce(door.token(), id, size);
    }

    private static Response announce(String token, ContentId id, long size) {
        return Door.post(Door.asking(token), "/api/v1/artifacts/uploads", new UploadRequest(id, size, FILE));
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
