package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits count by caller, also behind a proxy that is trusted to say who that is. */
@QuarkusTest
@QuarkusTestResource(value = LimitsIT.Behind.class, restrictToAnnotatedClass = true)
final class LimitsIT {
    private static final int MOST = 5;
    private static final int UNKNOWN = 401;
    private static final int REFUSED = 429;
    private static final Duration SOON = Duration.ofSeconds(8);
    /** A minute may end meanwhile. */
    private static final int TRIES = 2 * MOST + 2;

    /** Servers behind a proxy, with small limits. */
    public static final class Behind extends Servers {
        @Override
        public Map<String, String> start() {
            var settings = super.start();
            settings.put("perigee.api.limits.sign-ins-per-minute", Integer.toString(MOST));
            settings.put("perigee.api.limits.bodies", "3M");
            settings.put("perigee.api.limits.bodies-of-one", "2M");
            settings.put("quarkus.http.proxy.proxy-address-forwarding", "true");
            settings.put("quarkus.http.proxy.trusted-proxies", "127.0.0.1");
            return settings;
        }
    }

    @Test
    void shouldCountSignInsByWhomTheProxyAsksFor() {
        // given
        var wallet = KeyPair.create(new SecureRandom()).address();

        // when
        var one = IntStream.range(0, TRIES)
                .map(_ -> challenge(wallet, "192.0.2.1"))
                .toArray();
        int other = challenge(wallet, "192.0.2.2");

        // then
        assertThat(one).contains(REFUSED);
        assertThat(other).isEqualTo(201);
    }

    @Test
    void shouldSayWhenTheNextMinuteBegins() {
        // given
        var wallet = KeyPair.create(new SecureRandom()).address();

        // when
        var refused = Stream.generate(() -> challenged(wallet, "192.0.2.3"))
                .limit(TRIES)
                .filter(answer -> answer.statusCode() == REFUSED)
                .findFirst()
                .orElseThrow();
        long left = 60 - Instant.now().getEpochSecond() % 60;

        // then: it was said a moment ago
        assertThat(Math.floorMod(Long.parseLong(refused.header("Retry-After")) - left, 60))
                .isLessThan(10);
    }

    @Test
    void shouldKeepNoMoreBodiesAtATimeThanItsBudget() throws IOException {
        // given: some that send most of a body each, and wait
        var waiting = new ArrayList<Socket>();
        for (int i = 0; i < 3; i++) {
            waiting.add(mostOfABody("192.0.2." + (11 + i)));
        }

        // when: others send theirs at once
        Await.until(
                SOON,
                () -> {
                    assertThat(body().statusCode()).isEqualTo(UNKNOWN);
                    return answered(waiting) > 0;
                },
                () -> "all bodies are kept");
        var refused = answer(waiting.getFirst());
        long others = answered(waiting.subList(1, 3));
        for (var socket : waiting) {
            socket.close();
        }

        // then
        assertThat(refused)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("Retry-After: 1\r\n")
                .containsIgnoringCase("Connection: close\r\n")
                .contains("\"UNAVAILABLE\"");
        assertThat(others).isZero();
    }

    @Test
    void shouldHearABodyWhereOneHostWithANetworkOfItsOwnSendsAllItCan() throws IOException {
        // given: bodies of four addresses that would keep all there is
        var waiting = new ArrayList<Socket>();
        for (int i = 0; i < 4; i++) {
            waiting.add(mostOfABody("2001:db8:0:%d::1".formatted(i)));
        }
        Await.until(SOON, () -> answered(waiting) > 0, () -> "all bodies are kept");

        // when
        var others = IntStream.range(0, 5)
                .map(i -> body("192.0.2." + (41 + i)).statusCode())
                .toArray();
        for (var socket : waiting) {
            socket.close();
        }

        // then
        assertThat(others).containsOnly(UNKNOWN);
    }

    private static long answered(List<Socket> sockets) {
        return sockets.stream().filter(socket -> isAnswered(socket)).count();
    }

    private static boolean isAnswered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout((int) SOON.toMillis());
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldHearAHelloWhereOneHostHoldsAllTheLinesItCan() {
        // given: silent ones, of four addresses with 64 each
        var http = HttpClient.newHttpClient();
        var silent = IntStream.range(0, 256)
                .mapToObj(
                        i -> TestAgent.dialFrom("2001:db8:0:%d::1".formatted(i % 4), SampleProvider.of("silent"), http))
                .toList();
        silent.forEach(each -> each.next(HubMessage.Challenge.class));

        // when
        var honest = TestAgent.dialFrom("192.0.2.61", SampleProvider.of("honest-" + UUID.randomUUID()), http);
        honest.hello();

        // then
        honest.next(HubMessage.Welcome.class);
        Await.until(SOON, () -> silent.stream().anyMatch(each -> each.ends(Duration.ZERO)), () -> "nobody had to go");
        assertThat(silent.stream().filter(each -> each.ends(Duration.ZERO)))
                .extracting(TestAgent::closeCode)
                .containsExactly(1013);
        silent.forEach(TestAgent::vanish);
        honest.vanish();
    }

    @Test
    void shouldLeaveRoomForOthersWhereOneSendsSlowly() throws IOException {
        // given: most of its share, which is less than all
        var slow = "192.0.2.21";
        var waiting = List.of(mostOfABody(slow), mostOfABody(slow));

        // when
        Await.until(SOON, () -> body(slow).statusCode() == REFUSED, () -> "one address keeps all");
        var refused = body(slow);
        var other = body("192.0.2.22");
        for (var socket : waiting) {
            socket.close();
        }

        // then
        refused.then().header("Retry-After", "1").header("Connection", "close");
        assertThat(refused.jsonPath().getString("code")).isEqualTo("RATE_LIMITED");
        assertThat(other.statusCode()).isEqualTo(UNKNOWN);
        Await.until(SOON, () -> body(slow).statusCode() == UNKNOWN, () -> "nothing is given back");
    }

    private static Socket mostOfABody(String address) throws IOException {
        var socket = new Socket("localhost", RestAssured.port);
        var head = ("POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
                .formatted(address);
        socket.getOutputStream().write((head + " ".repeat(900_000)).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Of nobody: what is read of it is refused. */
    private static Response body() {
        return body("192.0.2.31");
    }

    private static Response body(String address) {
        return from(address).body(" ".repeat(700_000)).post("/api/v1/quotes");
    }

    @Test
    void shouldCountTokensThatAreNotKnown() {
        // when: of one network; its other addresses cost nothing
        var guessing =
                IntStream.range(0, TRIES).map(i -> guess("2001:db8::" + i)).toArray();
        int other = guess("2001:db8:0:1::1");

        // then
        assertThat(guessing).contains(UNKNOWN, REFUSED);
        assertThat(other).isEqualTo(UNKNOWN);
    }

    private static int guess(String address) {
        return from(address)
                .header("Authorization", "Bearer " + UUID.randomUUID())
                .get("/api/v1/jobs")
                .statusCode();
    }

    private static int challenge(Address wallet, String address) {
        return challenged(wallet, address).statusCode();
    }

    private static Response challenged(Address wallet, String address) {
        return from(address)
                .body(Json.bytes(new ChallengeRequest(wallet, Door.origin())))
                .post("/api/v1/sessions/challenges");
    }

    private static RequestSpecification from(String address) {
        return given().header("X-Forwarded-For", address).contentType("application/json");
    }
}
