package io.perigee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.WalletLogin;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final KeyPair WALLET = KeyPair.ofSecret(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });
    private static final JobId JOB = JobId.parse("0198f3a1-b2c4-7d8e-9fa0-b1c2d3e4f506");

    private final FakeHub hub = new FakeHub();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldTurnProblemsIntoTypedExceptions() {
        // given
        hub.on("/jobs", exchange -> FakeHub.problem(exchange, 403, "FORBIDDEN", false));

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.jobs(null, 20)).isInstanceOfSatisfying(ApiException.class, e -> {
                assertThat(e.code()).contains(ErrorCode.FORBIDDEN);
                assertThat(e.status()).isEqualTo(403);
                assertThat(e.problem().hint()).isEqualTo("h");
                assertThat(e.problem().violations()).hasSize(1);
            });
        }
    }

    @Test
    void shouldKeepCodesItDoesNotKnow() {
        hub.on("/jobs", exchange -> FakeHub.problem(exchange, 400, "BLESSED", false));
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.jobs(null, 20)).isInstanceOfSatisfying(ApiException.class, e -> {
                assertThat(e.code()).isEmpty();
                assertThat(e.problem().code()).isEqualTo("BLESSED");
            });
        }
    }

    @Test
    void shouldExplainAnswersThatAreNotOfAHub() {
        hub.on("/jobs", exchange -> FakeHub.bytes(exchange, 502, "text/html", "<html>".getBytes()));
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.jobs(null, 20))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(ErrorCode.UNAVAILABLE))
                            .isTrue())
                    .hasMessageContaining("HTTP 502");
        }
    }

    @Test
    void shouldSayThatNobodyIsThere() {
        try (var client = new PerigeeClient(new ClientSettings(
                URI.create("http://127.0.0.1:1"),
                java.time.Duration.ofSeconds(1),
                java.time.Duration.ofSeconds(1),
                java.time.Duration.ofSeconds(1),
                2,
                java.time.Duration.ofMillis(1),
                1))) {
            assertThatThrownBy(client::hub)
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isZero())
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    @Test
    void shouldRepeatWhatIsHarmlessToRepeat() {
        // given
        var calls = new AtomicInteger();
        hub.on("/jobs", exchange -> {
            if (calls.incrementAndGet() < 3) {
                FakeHub.problem(exchange, 503, "UNAVAILABLE", true);
            } else {
                FakeHub.json(exchange, 200, new JobPage(List.of(), null));
            }
        });

        // when
        try (var client = hub.client()) {
            var page = client.jobs(null, 20);

            // then
            assertThat(page.items()).isEmpty();
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    void shouldLeaveALongWaitToWhoeverAsked() {
        // given
        var calls = new AtomicInteger();
        hub.on("/jobs", exchange -> {
            calls.incrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", "37");
            FakeHub.problem(exchange, 429, "RATE_LIMITED", true);
        });

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.jobs(null, 20))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(37)));
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void shouldAskAgainOfItselfAfterAShortWait() {
        // given
        var calls = new AtomicInteger();
        hub.on("/jobs", exchange -> {
            if (calls.incrementAndGet() < 3) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                FakeHub.problem(exchange, 429, "RATE_LIMITED", true);
            } else {
                FakeHub.json(exchange, 200, new JobPage(List.of(), null));
            }
        });

        // when
        try (var client = hub.client()) {
            var page = client.jobs(null, 20);

            // then
            assertThat(page.items()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnswersThatAreNotOnePerJob() {
        // given
        var answer = SubmissionAnswer.taken("a-key", JOB, false);
        hub.on("/jobs:batch", exchange -> FakeHub.json(exchange, 200, new BatchAnswer(List.of(answer))));

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.submit(List.of()))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(ErrorCode.MALFORMED))
                            .isTrue());
            assertThat(hub.asked()).containsExactly("POST /jobs:batch");
        }
    }

    @Test
    void shouldGiveUpAfterSomeAttempts() {
        var calls = new AtomicInteger();
        hub.on("/jobs", exchange -> {
            calls.incrementAndGet();
            FakeHub.problem(exchange, 503, "UNAVAILABLE", true);
        });
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.jobs(null, 20)).isInstanceOf(ApiException.class);
            assertThat(calls).hasValue(4);
        }
    }

    @Test
    void shouldAskNothingOfWhatTheCallerKnows() {
        try (var client = hub.client()) {
            client.goBy(info());
            assertThat(client.domain().escrow()).isEqualTo(HUB);
            assertThat(hub.asked()).isEmpty();
        }
    }

    @Test
    void shouldSignTheTextItMadeAndNotTheOneItWasSent() {
        // given: a hub that sends a text for another hub
        var sessions = serveSessions();

        // when
        try (var client = hub.client()) {
            client.signIn(WALLET);
            client.jobs(null, 20);
        }

        // then
        assertThat(sessions).hasValue(1);
    }

    @Test
    void shouldSignInAgainWhenTheSessionIsForgotten() {
        // given
        var sessions = serveSessions();

        // when
        try (var client = hub.client()) {
            client.signIn(WALLET);
            client.jobs(null, 20);
            sessions.incrementAndGet();
            client.jobs(null, 20);
        }

        // then: token 1, forgotten by the jump, then token 3
        assertThat(sessions).hasValue(3);
    }

    /** What it says of itself, and the text that it asks to have signed, are those of the hub whose challenge it hands on. */
    @Test
    void shouldSignNothingThatARelayingHubCanUse() {
        // given
        var victim = Origin.parse("https://hub.example.org");
        var given = new AtomicReference<SessionRequest>();
        var asked = new String(WalletLogin.message(victim, HUB, WALLET.address(), "n0nce"), StandardCharsets.UTF_8);
        hub.on("/hub", exchange -> FakeHub.json(exchange, 200, info()));
        hub.on(
                "/sessions/challenges",
                exchange -> FakeHub.json(exchange, 201, new Challenge("n0nce", asked, Instant.EPOCH)));
        hub.on("/sessions", exchange -> {
            given.set(Json.read(exchange.getRequestBody().readAllBytes(), SessionRequest.class));
            FakeHub.json(exchange, 201, new SessionView("token", Instant.EPOCH));
        });

        // when
        try (var client = hub.client()) {
            client.signIn(WALLET);
        }

        // then
        assertThat(signs(victim, given.get())).isFalse();
        assertThat(given.get().origin()).isEqualTo(hub.origin());
        assertThat(signs(hub.origin(), given.get())).isTrue();
    }

    private static boolean signs(Origin origin, SessionRequest request) {
        var message = WalletLogin.message(origin, HUB, WALLET.address(), "n0nce");
        return Signatures.isMessageBy(WALLET.address(), message, request.signature());
    }

    /** Checks the signature, and takes the newest token only. */
    private AtomicInteger serveSessions() {
        var sessions = new AtomicInteger();
        hub.on("/hub", exchange -> FakeHub.json(exchange, 200, info()));
        hub.on("/sessions/challenges", exchange -> {
            Json.read(exchange.getRequestBody().readAllBytes(), ChallengeRequest.class);
            FakeHub.json(exchange, 201, new Challenge("n0nce", "please sign away your house", Instant.EPOCH));
        });
        hub.on("/sessions", exchange -> {
            var request = Json.read(exchange.getRequestBody().readAllBytes(), SessionRequest.class);
            var message = WalletLogin.message(hub.origin(), HUB, WALLET.address(), "n0nce");
            if (Signatures.isMessageBy(WALLET.address(), message, request.signature())) {
                FakeHub.json(exchange, 201, new SessionView("token" + sessions.incrementAndGet(), Instant.EPOCH));
            } else {
                FakeHub.problem(exchange, 401, "UNAUTHENTICATED", false);
            }
        });
        hub.on("/jobs", exchange -> {
            if (("Bearer token" + sessions).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                FakeHub.json(exchange, 200, new JobPage(List.of(), null));
            } else {
                FakeHub.problem(exchange, 401, "UNAUTHENTICATED", false);
            }
        });
        return sessions;
    }

    private static HubInfo info() {
        return new HubInfo(HUB, 31337, HUB, HUB, HUB, HUB, "ptUSD", 6, 5, 3600, "", List.of());
    }

    @Test
    void shouldRefuseAddressesThatAreNone() {
        assertThatThrownBy(() -> ClientSettings.of(URI.create("localhost:8080")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClientSettings.of(URI.create("ftp://x"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(ClientSettings.of(URI.create("http://x/")).api("/jobs/" + JOB))
                .hasToString("http://x/api/v1/jobs/" + JOB);
    }
}
