package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one may keep, and what there is room for. */
@QuarkusTest
@QuarkusTestResource(value = QuotaIT.Small.class, restrictToAnnotatedClass = true)
final class QuotaIT {
    private static final String FILE = "application/octet-stream";

    /** Servers that keep a mebibyte for each, and would take any one artifact. */
    public static final class Small extends Servers {
        @Override
        public Map<String, String> start() {
            var settings = super.start();
            settings.put("perigee.api.artifacts.quota", "1M");
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

    private Response announce(ContentId id, long size) {
        return Door.post(door.asking(), "/api/v1/artifacts/uploads", new UploadRequest(id, size, FILE));
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
