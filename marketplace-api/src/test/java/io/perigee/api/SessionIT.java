package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.WalletLogin;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class SessionIT {
    private static final Origin RELAY = Origin.parse("https://relay.example.org");

    private final KeyPair wallet = KeyPair.create(new SecureRandom());

    @Test
    void shouldTellAnybodyWhoItIs() {
        // when
        var answer = given().get("/api/v1/hub");

        // then
        answer.then()
                .statusCode(200)
                .body("hub", equalTo(Parties.HUB.address().value()))
                .body("trainers[0].image", equalTo(Servers.TRAINER_IMAGE));
    }

    @Test
    void shouldBeReadyAndAlive() {
        Operations.get("/health/live").then().statusCode(200);
        Operations.get("/health/ready").then().statusCode(200);
        Operations.get("/health/started").then().statusCode(200);
        Operations.get("/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }

    @Test
    void shouldTellNobodyAtTheFrontDoorHowItIs() {
        for (var path : List.of("/q/metrics", "/metrics", "/q/health", "/q/health/ready", "/health/ready", "/q/info")) {
            given().get(path).then().statusCode(404);
        }
        given().get("/q/openapi").then().statusCode(200);
    }

    @Test
    void shouldOpenASessionForAWallet() {
        // when
        var door = Door.open(wallet);

        // then
        door.get("/jobs").then().statusCode(200).body("items.size()", equalTo(0));
    }

    @Test
    void shouldKeepTokensAsHashesOnly() {
        // when
        var door = Door.open(wallet);

        // then
        assertThat(Log.count("select count(*) from api.session where token_hash = ?", door.token()))
                .isZero();
        var hash = Sha256.of(door.token().getBytes(StandardCharsets.UTF_8)).hex();
        assertThat(Log.count("select count(*) from api.session where token_hash = ?", hash))
                .isOne();
    }

    @Test
    void shouldTakeAChallengeOnce() {
        // given
        var request = answered(challenge(), wallet);
        Door.post(given(), "/api/v1/sessions", request).then().statusCode(201);

        // when
        var second = Door.post(given(), "/api/v1/sessions", request);

        // then
        second.then()
                .statusCode(401)
                .body("code", equalTo("UNAUTHENTICATED"))
                .body("detail", startsWith("Expected to find"));
    }

    /** It shows our challenge to its visitor, who signs in at it and not here. */
    @Test
    void shouldGiveARelayingHubNothing() {
        // given
        var said = answered(challenge(), RELAY, wallet);
        var other = answered(challenge(), RELAY, wallet);
        var hidden = new SessionRequest(other.address(), Door.origin(), other.nonce(), other.signature());

        // when
        var open = Door.post(given(), "/api/v1/sessions", said);
        var claimed = Door.post(given(), "/api/v1/sessions", hidden);

        // then
        open.then()
                .statusCode(422)
                .body("code", equalTo("WRONG_ORIGIN"))
                .body(
                        "detail",
                        allOf(
                                containsString(RELAY.value()),
                                containsString(Door.origin().value())));
        claimed.then().statusCode(401).body("code", equalTo("UNAUTHENTICATED"));
        assertThat(Log.count(
                        "select count(*) from api.session where subject = ?",
                        wallet.address().value()))
                .isZero();
    }

    @Test
    void shouldSayAtOnceThatItIsNotReachedThere() {
        // given: what a request says of its host is what the relaying hub says
        var asked = given().header("Host", "relay.example.org").header("X-Forwarded-Host", "relay.example.org");

        // when
        var answer = Door.post(asked, "/api/v1/sessions/challenges", new ChallengeRequest(wallet.address(), RELAY));

        // then
        answer.then().statusCode(422).body("code", equalTo("WRONG_ORIGIN"));
    }

    @Test
    void shouldRefuseTheSignatureOfSomebodyElse() {
        // given
        var request = answered(challenge(), KeyPair.create(new SecureRandom()));

        // when
        var answer = Door.post(given(), "/api/v1/sessions", request);

        // then
        answer.then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("code", equalTo("UNAUTHENTICATED"));
    }

    @Test
    void shouldRefuseUnknownTokens() {
        given().header("Authorization", "Bearer 00").get("/api/v1/jobs").then().statusCode(401);
        given().get("/api/v1/jobs").then().statusCode(401).contentType("application/problem+json");
    }

    private Challenge challenge() {
        return Door.read(
                Door.post(
                        given(), "/api/v1/sessions/challenges", new ChallengeRequest(wallet.address(), Door.origin())),
                Challenge.class);
    }

    private SessionRequest answered(Challenge challenge, KeyPair signer) {
        return answered(challenge, Door.origin(), signer);
    }

    private SessionRequest answered(Challenge challenge, Origin origin, KeyPair signer) {
        var message = WalletLogin.message(origin, Parties.HUB.address(), wallet.address(), challenge.nonce());
        return new SessionRequest(wallet.address(), origin, challenge.nonce(), signer.signMessage(message));
    }
}
