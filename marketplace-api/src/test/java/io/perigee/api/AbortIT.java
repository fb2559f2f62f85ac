package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.testkit.process.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that go away in the middle cost nothing but their own answer. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class AbortIT {
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldLoseNoConnectionToAThousandAbortedRequests() throws Exception {
        // given
        var request = "GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(door.token())
                .getBytes(StandardCharsets.US_ASCII);
        var threads = new ArrayList<Thread>();

        // when
        for (int sender = 0; sender < 20; sender++) {
            threads.add(Thread.ofVirtual().start(() -> abort(request, 50)));
        }
        for (var thread : threads) {
            thread.join();
        }

        // then
        Await.until(
                Log.SOON,
                () -> Operations.metrics()
                        .lines()
                        .filter(line -> line.startsWith("sql_pool_active"))
                        .allMatch(line -> line.endsWith(" 0.0")),
                () -> "a connection did not come back:\n" + Operations.metrics());
        assertThat(Operations.metrics()).contains("sql_pool_active");
        for (int i = 0; i < 20; i++) {
            door.get("/jobs").then().statusCode(200);
        }
    }

    @Test
    void shouldKeepNothingOpenForReadersThatLeft() throws Exception {
        // given
        var job = door.job();
        var request =
                "GET /api/v1/jobs/%s/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(job.id(), door.token())
                        .getBytes(StandardCharsets.US_ASCII);

        // when: more readers than one builder may have at once, one after the other
        for (int i = 0; i < 100; i++) {
            try (var socket = new Socket("localhost", RestAssured.port)) {
                socket.getOutputStream().write(request);
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().readNBytes(20)).hasSize(20);
            }
        }

        // then
        Await.until(
                Log.SOON,
                () -> {
                    try (var socket = new Socket("localhost", RestAssured.port)) {
                        socket.getOutputStream().write(request);
                        socket.setSoTimeout(10_000);
                        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)
                                .endsWith("200");
                    }
                },
                () -> "streams of readers that left are still counted");
    }

    private static void abort(byte[] request, int times) {
        for (int i = 0; i < times; i++) {
            try (var socket = new Socket("localhost", RestAssured.port)) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request);
                Thread.sleep(i % 5);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
