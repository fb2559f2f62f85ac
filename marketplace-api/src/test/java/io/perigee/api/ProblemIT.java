package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is refused, it is refused in one shape. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ProblemIT {
    private static final long GIGABYTE = 1L << 30;

    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldRefuseWhatIsNotThere() {
        problem(given().get("/nowhere"), 404, ErrorCode.NOT_FOUND);
        problem(door.asking().get("/api/v1/nowhere"), 404, ErrorCode.NOT_FOUND);
        problem(given().get("/q/nowhere"), 404, ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldRefuseMethodsAndMediaTypes() {
        problem(door.asking().delete("/api/v1/jobs"), 405, ErrorCode.UNSUPPORTED);
        problem(door.asking().contentType("text/plain").body("x").post("/api/v1/quotes"), 415, ErrorCode.UNSUPPORTED);
        problem(door.asking().accept("image/png").get("/api/v1/jobs"), 406, ErrorCode.UNSUPPORTED);
    }

    @Test
    void shouldRefuseWhatIsNoJson() {
        problem(quote("{"), 400, ErrorCode.MALFORMED);
        problem(quote(""), 400, ErrorCode.MALFORMED);
        problem(quote("null"), 400, ErrorCode.MALFORMED);
        problem(quote("{\"spec\":{},\"spec\":{}}"), 400, ErrorCode.MALFORMED);
        problem(quote("{\"specification\":{}}"), 400, ErrorCode.MALFORMED);
        problem(quote("{\"spec\":null}"), 400, ErrorCode.MALFORMED);
        problem(quote("{\"spec\":[]}"), 422, ErrorCode.INVALID_SPEC);
        problem(
                given().contentType("application/json")
                        .body("{\"address\":\"0x1\"}")
                        .post("/api/v1/sessions/challenges"),
                400,
                ErrorCode.MALFORMED);
    }

    @Test
    void shouldNameTheTraceOfTheCaller() {
        // given
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        // when
        var answer = given().header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .get("/api/v1/jobs");

        // then
        answer.then().body("traceId", equalTo(trace));
    }

    @Test
    void shouldDescribeEveryKindOfProblem() {
        for (var code : ErrorCode.values()) {
            given().get("/api/v1/problems/" + code).then().statusCode(200).body("code", equalTo(code.name()));
        }
        problem(given().get("/api/v1/problems/NOTHING"), 404, ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldRefuseABodyThatSaysItIsTooLarge() throws IOException {
        // given
        var head =
                "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{"
                        .formatted(door.token(), GIGABYTE);

        // when
        String answer;
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readNBytes(400), StandardCharsets.UTF_8);
        }

        // then
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("application/problem+json")
                .contains("TOO_LARGE");
    }

    @Test
    void shouldRefuseAnEndlessBodyAndKeepNoneOfIt() throws Exception {
        // given
        System.gc();
        var before = used();
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d/api/v1/jobs".formatted(RestAssured.port)))
                .header("Authorization", "Bearer " + door.token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Spaces(GIGABYTE)))
                .build();

        // when
        int status;
        try {
            status = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException cut) {
            // a client that only listens when it has sent everything may find the line closed
            status = 413;
        }

        // then
        assertThat(status).isEqualTo(413);
        System.gc();
        assertThat(used() - before).isLessThan(64L << 20);
        Operations.get("/health/live").then().statusCode(200);
    }

    @Test
    void shouldServeTheDocumentAndItsReader() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("openapi", org.hamcrest.Matchers.startsWith("3.1"));
        given().get("/q/swagger-ui/").then().statusCode(200);
    }

    private Response quote(String body) {
        return door.asking().contentType("application/json").body(body).post("/api/v1/quotes");
    }

    private static void problem(Response answer, int status, ErrorCode code) {
        answer.then().statusCode(status).contentType("application/problem+json");
        var problem = Json.read(answer.asByteArray(), Problem.class);
        assertThat(problem.code()).isEqualTo(code.name());
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.detail()).startsWith("Expected ").doesNotContain("io.perigee", "Exception", "jakarta");
        assertThat(problem.hint()).isNotBlank();
        assertThat(problem.traceId()).hasSize(32);
        assertThat(problem.type()).isEqualTo("/api/v1/problems/" + code);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** So many spaces, which are JSON for nothing. */
    private static final class Spaces extends InputStream {
        private long left;

        Spaces(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            if (left <= 0) {
                return -1;
            }
            var count = (int) Math.min(length, left);
            java.util.Arrays.fill(buffer, from, from + count, (byte) ' ');
            left -= count;
            return count;
        }
    }
}
