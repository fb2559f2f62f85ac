package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that nobody should send. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class BadBodyIT {
    private static final long GIGABYTE = 1L << 30;
    /** What lies in the buffers of both ends of a connection, over what is read on purpose. */
    private static final long A_FEW_MEGABYTES = 16L << 20;

    private static final String JSON = "Content-Type: application/json";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"spec\":{\"name\":\"a\\u0000b\"}}",
                "{\"spec\":{\"a\\u0000\":1}}",
                "{\"spec\":{\"name\":\"\\ud800\"}}",
                "{\"spec\":{\"name\":\"\\udc00\\ud800\"}}",
                "{\"spec\":{\"name\":NaN}}",
                "{\"spec\":{\"name\":\"a\",\"name\":\"b\"}}",
                "{\"spec\":{}} {}",
                "{\"spec\":{\"name\":",
                "{'spec':{}}",
                "<spec/>",
            })
    void shouldRefuseWhatIsNoJsonOfOurs(String body) throws IOException {
        quote(body.getBytes(StandardCharsets.UTF_8)).isProblem(400, ErrorCode.MALFORMED);
    }

    @Test
    void shouldRefuseBytesThatAreNoText() throws IOException {
        quote(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}).isProblem(400, ErrorCode.MALFORMED);
        quote(new byte[] {0, 0, 0, 0}).isProblem(400, ErrorCode.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"train\":{\"steps\":1e400,\"lr\":\"1e99\"},\"price\":{\"max\":1e99999}}",
                "{\"train\":{\"steps\":1e99999999999999999999}}",
                "{\"train\":{\"steps\":999999999999999999999999999999999999}}",
                "{\"resources\":{\"memory\":\"99999999999999999999999GB\",\"disk\":\"-1GB\",\"gpu\":{\"count\":1,\"vram\":\"..\"}}}",
                "{\"deadlines\":{\"queue\":\"99999999999999999h\"},\"price\":{\"max\":\"1e5\"}}",
                "{\"name\":[[[[[[]]]]]],\"base\":{},\"dataset\":7}",
            })
    void shouldNameFieldsOfNoSensibleSize(String spec) throws IOException {
        // when
        var problem = quote(("{\"spec\":" + spec + "}").getBytes(StandardCharsets.UTF_8))
                .isProblem(422, ErrorCode.INVALID_SPEC);

        // then
        assertThat(problem.violations()).isNotEmpty().allSatisfy(violation -> assertThat(violation.expected())
                .isNotBlank());
    }

    @Test
    void shouldRefuseANonceThatPostgresqlCannotKeep() throws IOException {
        // given
        var body = "{\"address\":\"0x%s\",\"nonce\":\"a\\u0000b\",\"signature\":\"0x%s1b\"}"
                .formatted("1".repeat(40), "1".repeat(128));

        // when
        var answer = Raw.send(Raw.head("POST", "/api/v1/sessions", door, JSON), body.getBytes(StandardCharsets.UTF_8));

        // then
        assertThat(answer.isProblem(400, ErrorCode.MALFORMED).detail()).contains("U+0000");
    }

    @Test
    void shouldRefuseNumbersThatHaveNoCanonicalForm() {
        // given
        var json = (ObjectNode) Json.tree(door.signed(door.quote(door.spec())));
        ((ObjectNode) json.get("order")).put("deadline", 1L << 60);

        // when
        var answer = Door.post(door.asking().header("Idempotency-Key", "k"), "/api/v1/jobs", json);

        // then
        answer.then().statusCode(400);
        assertThat(answer.jsonPath().getString("detail")).startsWith("Expected").contains("2^53-1");
        assertThat(Log.outbox(json.get("order").get("jobId").asText())).isEmpty();
    }

    @Test
    void shouldAnswerAThousandMistakesShortly() throws IOException {
        // given
        var keys = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            keys.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":1");
        }

        // when
        var answer = door.asking()
                .contentType("application/json")
                .body("{\"spec\":{" + keys + "}}")
                .post("/api/v1/quotes");

        // then
        answer.then().statusCode(422);
        assertThat(answer.jsonPath().getList("violations")).hasSize(100);
        assertThat(answer.jsonPath().getString("detail")).contains("more are wrong");
    }

    @Test
    void shouldRefuseAJsonBodyOfAGigabyteAfterAFewMegabytes() throws IOException {
        // when
        var answer = Raw.send(
                Raw.head("POST", "/api/v1/jobs", door, JSON, CHUNKED, "Idempotency-Key: k"), Raw.chunks(GIGABYTE));

        // then
        answer.isProblem(413, ErrorCode.TOO_LARGE);
        assertThat(answer.sent()).isLessThan(A_FEW_MEGABYTES);
        Operations.get("/health/live").then().statusCode(200);
    }

    @Test
    void shouldRefuseABodyThatReadingHasNoUseFor() throws IOException {
        // when
        var answer = Raw.send(Raw.head("GET", "/api/v1/jobs", door, CHUNKED), Raw.chunks(GIGABYTE));

        // then
        answer.isProblem(413, ErrorCode.TOO_LARGE);
        assertThat(answer.sent()).isLessThan(A_FEW_MEGABYTES);
    }

    @Test
    void shouldKeepNothingOfAnUploadThatGoesOnAfterItsAnswer() throws IOException {
        // given
        var upload = Door.announce(door.token(), Sha256.of(new byte[0x10000]), 0x10000, "application/octet-stream");
        System.gc();
        var before = used();

        // when
        var answer = Raw.send(
                Raw.head(
                        "PATCH",
                        "/api/v1/artifacts/uploads/" + upload.id(),
                        door,
                        "Content-Type: application/octet-stream",
                        "Upload-Offset: 0",
                        CHUNKED),
                Raw.chunks(GIGABYTE));

        // then
        answer.isProblem(422, ErrorCode.DIGEST_MISMATCH);
        assertThat(answer.sent()).isLessThan(A_FEW_MEGABYTES);
        System.gc();
        assertThat(used() - before).isLessThan(64L << 20);
        door.get("/artifacts/uploads/{id}", upload.id()).then().statusCode(404);
    }

    @Test
    void shouldRefuseAGigabyteOfAStranger() throws IOException {
        // given
        var stranger = new Door(door.wallet(), "0".repeat(64));

        // when
        var answer = Raw.send(
                Raw.head(
                        "PATCH",
                        "/api/v1/artifacts/uploads/0198c0de-0000-7000-8000-000000000000",
                        stranger,
                        "Content-Type: application/octet-stream",
                        "Upload-Offset: 0",
                        CHUNKED),
                Raw.chunks(GIGABYTE));

        // then
        answer.isProblem(401, ErrorCode.UNAUTHENTICATED);
        assertThat(answer.sent()).isLessThan(A_FEW_MEGABYTES);
    }

    @Test
    void shouldTakeALargeUploadInOneRequest() {
        // given
        var bytes = new byte[12 << 20];
        new java.util.Random(7).nextBytes(bytes);

        // when
        var answer = door.append(door.announce(bytes, "application/octet-stream"), 0, bytes);

        // then
        answer.then().statusCode(200);
        assertThat(answer.jsonPath().getBoolean("complete")).isTrue();
    }

    /** Without RestAssured, which would indent the brackets, by gigabytes. */
    @Test
    void shouldRefuseWhatIsNestedTooDeeply() throws IOException {
        // when
        var answer = quote("[".repeat(500_000).getBytes(StandardCharsets.US_ASCII));

        // then
        answer.isProblem(400, ErrorCode.MALFORMED);
    }

    @Test
    void shouldNotWaitForeverForABody() throws IOException {
        // when
        var answer = Raw.send(
                Raw.head("POST", "/api/v1/quotes", door, JSON, "Content-Length: 1000"),
                Raw.trickle(Duration.ofMillis(200)));

        // then
        answer.isProblem(408, ErrorCode.TIMED_OUT);
        assertThat(answer.sent()).isLessThan(100);
    }

    @Test
    void shouldNotWaitForeverForAnUploadThatStandsStill() throws IOException {
        // given
        var upload = door.announce(new byte[1_000], "application/octet-stream");

        // when the body never begins
        var answer = Raw.send(Raw.head(
                "PATCH",
                "/api/v1/artifacts/uploads/" + upload.id(),
                door,
                "Content-Type: application/octet-stream",
                "Upload-Offset: 0",
                "Content-Length: 1000"));

        // then
        answer.isProblem(408, ErrorCode.TIMED_OUT);
    }

    @Test
    void shouldNotUnpackWhatIsPacked() throws IOException {
        // given
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 64; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }

        // when
        var answer = Raw.send(
                Raw.head("POST", "/api/v1/quotes", door, JSON, "Content-Encoding: gzip"), packed.toByteArray());

        // then
        answer.isProblem(400, ErrorCode.MALFORMED);
    }

    @Test
    void shouldServeClientsThatWouldRatherSpeakHttp2() throws Exception {
        // given
        var request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/api/v1/quotes".formatted(RestAssured.port)))
                .header("Authorization", "Bearer " + door.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"spec\":{}}"))
                .build();

        // when
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            // then
            assertThat(answer.statusCode()).isEqualTo(422);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "abc", "0x0", "+0", "999999999999999999999999999999", "١"})
    void shouldRefuseOffsetsThatAreNone(String offset) throws IOException {
        // given
        var id = new ContentId("sha256:" + "3".repeat(64));
        var upload = Door.read(
                door.post("/artifacts/uploads", new UploadRequest(id, 10, "application/octet-stream")),
                io.perigee.protocol.rest.UploadView.class);

        // when
        var answer = Raw.send(
                Raw.head(
                        "PATCH",
                        "/api/v1/artifacts/uploads/" + upload.id(),
                        door,
                        "Content-Type: application/octet-stream",
                        "Upload-Offset: " + offset),
                new byte[10]);

        // then
        answer.isProblem(400, ErrorCode.MALFORMED);
        door.asking().head("/api/v1/artifacts/uploads/" + upload.id()).then().header("Upload-Offset", "0");
    }

    private Raw.Answer quote(byte[] body) throws IOException {
        return Raw.send(Raw.head("POST", "/api/v1/quotes", door, JSON), body);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
