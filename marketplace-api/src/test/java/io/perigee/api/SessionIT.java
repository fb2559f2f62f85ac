package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.WalletLogin;
import io.perigee.testkit.sample.Parties;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class SessionIT {
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
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(200);
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
                Door.post(given(), "/api/v1/sessions/challenges", new ChallengeRequest(wallet.address())),
                Challenge.class);
    }

    private SessionRequest answered(Challenge challenge, KeyPair signer) {
        var message = WalletLogin.message(Parties.HUB.address(), wallet.address(), challenge.nonce());
        return new SessionRequest(wallet.address(), challenge.nonce(), signer.signMessage(message));
    }
}
