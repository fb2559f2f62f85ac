package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.error.ErrorCode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, queries, methods and headers that nobody should send. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BadRequestIT {
    private static final String JOB = "0198c0de-0000-7000-8000-000000000000";

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs/%00",
                "/api/v1/jobs/%ff%fe",
                "/api/v1/jobs/x",
                "/api/v1/jobs/1-1-1-1-1",
                "/api/v1/jobs/../../../etc/passwd",
                "/api/v1/jobs/" + JOB,
                "/api/v1/jobs/" + JOB + "/timeline?after=999999999999999999",
                "/api/v1/jobs/" + JOB + "/bundle",
                "/api/v1/artifacts/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/api/v1/artifacts/sha256:x",
                "/api/v1/artifacts/%ED%A0%80",
                "/api/v1/artifacts/uploads/" + JOB,
                "/api/v1/artifacts/uploads/x",
                "/api/v1/problems/%00",
                "/api/v1/nowhere",
                "/nowhere",
                "/q/swagger-ui/..%2f..%2fapplication.properties",
            })
    void shouldFindNothingWhereNothingIs(String path) throws IOException {
        Raw.send(Raw.head("GET", path, door)).isProblem(404, ErrorCode.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs?cursor=%00",
                "/api/v1/jobs?cursor=!",
                "/api/v1/jobs?limit=-1",
                "/api/v1/jobs?limit=101",
                "/api/v1/jobs?limit=99999999999999999999",
                "/api/v1/jobs?limit=%D9%A1",
                "/api/v1/jobs/" + JOB + "/timeline?after=-1",
            })
    void shouldRefuseWhatIsNoValue(String path) throws IOException {
        Raw.send(Raw.head("GET", path, door)).isProblem(400, ErrorCode.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59Z " + JOB,
                "-1000000000-01-01T00:00:00Z " + JOB,
                "+300000-01-01T00:00:00Z " + JOB,
                "1969-12-31T23:59:59Z " + JOB,
                "2026-01-01T00:00:00Z 1-1-1-1-1",
                "2026-01-01T00:00:00Z",
                "2026-13-01T00:00:00Z " + JOB,
                "\0 \0",
            })
    void shouldRefuseCursorsItNeverGave(String cursor) throws IOException {
        // given
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));

        // when
        var answer = Raw.send(Raw.head("GET", "/api/v1/jobs?cursor=" + text, door));

        // then
        assertThat(answer.isProblem(400, ErrorCode.MALFORMED).detail()).contains("nextCursor");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/api/v1/jobs",
        "PUT,/api/v1/jobs",
        "TRACE,/api/v1/jobs",
        "PROPFIND,/api/v1/jobs",
        "get,/api/v1/jobs",
        "GET,/api/v1/quotes",
        "DELETE,/api/v1/artifacts/uploads",
        "POST,/api/v1/hub",
    })
    void shouldNameTheMethodItDoesNotKnow(String method, String path) throws IOException {
        // when
        var answer = Raw.send(Raw.head(method, path, door), new byte[0]);

        // then
        assertThat(answer.isProblem(405, ErrorCode.UNSUPPORTED).detail()).contains(method + " " + path);
    }

    @Test
    void shouldAnswerWhatReadsNothing() throws IOException {
        given().options("/api/v1/jobs")
                .then()
                .statusCode(200)
                .header("Allow", org.hamcrest.Matchers.containsString("POST"));
        door.asking().head("/api/v1/jobs").then().statusCode(200);
        door.asking().head("/api/v1/nowhere").then().statusCode(404);
        given().head("/api/v1/jobs").then().statusCode(401);
        Raw.send(Raw.head("OPTIONS", "/nowhere", door)).isProblem(404, ErrorCode.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {";;;", "application/", "text/plain", "multipart/form-data; boundary=x", "application/xml"})
    void shouldRefuseContentItDoesNotRead(String type) throws IOException {
        // when
        var answer = Raw.send(Raw.head("POST", "/api/v1/quotes", door, "Content-Type: " + type), new byte[] {'{', '}'});

        // then
        answer.isProblem(415, ErrorCode.UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "a/b;q=z, ;;", "image/png"})
    void shouldRefuseToAnswerInWhatItDoesNotWrite(String accepted) throws IOException {
        Raw.send(Raw.head("GET", "/api/v1/jobs", door, "Accept: " + accepted)).isProblem(406, ErrorCode.UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic eA==", "Bearer", "Bearer \u00ff\u0080", "bearer x", ""})
    void shouldRefuseTokensThatAreNone(String value) throws IOException {
        // when
        var answer = Raw.send("GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + value + "\r\n");

        // then
        answer.isProblem(401, ErrorCode.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"129", "5000", "blank", "umlaut"})
    void shouldRefuseKeysOfNoSensibleForm(String kind) throws IOException {
        // given
        var key =
                switch (kind) {
                    case "blank" -> "a b";
                    case "umlaut" -> "\u00fc";
                    default -> "k".repeat(Integer.parseInt(kind));
                };
        var body = io.perigee.protocol.codec.Json.bytes(door.signed(door.quote(door.spec())));

        // when
        var answer = Raw.send(
                Raw.head("POST", "/api/v1/jobs", door, "Content-Type: application/json", "Idempotency-Key: " + key),
                body);

        // then
        assertThat(answer.isProblem(400, ErrorCode.MALFORMED).detail()).contains("Idempotency-Key");
        assertThat(Log.count(
                        "select count(*) from api.job where builder = ?",
                        door.wallet().address().value()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-", "bytes=9-10", "bytes=-0"})
    void shouldRefuseRangesBeyondTheEnd(String range) throws IOException {
        // given
        var id = Door.upload(door.token(), "hello".getBytes(StandardCharsets.UTF_8), "application/octet-stream");

        // when
        var answer = Raw.send(Raw.head("GET", "/api/v1/artifacts/" + id, door, "Range: " + range));

        // then
        answer.isProblem(416, ErrorCode.MALFORMED);
        assertThat(answer.head()).containsIgnoringCase("content-range: bytes */5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=3-1", "bytes=a-b", "bytes=0-0,2-2", "lines=1-2", "bytes=99999999999999999999-"})
    void shouldSendEverythingForRangesItDoesNotRead(String range) throws IOException {
        // given
        var id = Door.upload(door.token(), "hello".getBytes(StandardCharsets.UTF_8), "application/octet-stream");

        // when
        var answer = Raw.send(Raw.head("GET", "/api/v1/artifacts/" + id, door, "Range: " + range));

        // then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
    }

    /** What the HTTP server itself cannot read gets its plain answer, and nothing here sees it. */
    @Test
    void shouldRefuseWhatIsNoRequest() throws IOException {
        assertThat(Raw.send(Raw.head("GET", "/api/v1/jobs", door, "X-Long: " + "x".repeat(20_000)))
                        .status())
                .isEqualTo(431);
        assertThat(Raw.send(Raw.head("GET", "/api/v1/jobs?cursor=" + "x".repeat(80_000), door))
                        .status())
                .isEqualTo(414);
        for (var path : new String[] {"/api/v1/jobs/%zz", "/api/v1/jobs?cursor=%zz", "/api/v1/jobs?limit=%"}) {
            assertThat(Raw.send(Raw.head("GET", path, door)).status()).isEqualTo(400);
        }
        for (var length : new String[] {"abc", "-1", "99999999999999999999999"}) {
            assertThat(Raw.send(Raw.head("POST", "/api/v1/quotes", door, "Content-Length: " + length))
                            .status())
                    .isEqualTo(400);
        }
    }
}
