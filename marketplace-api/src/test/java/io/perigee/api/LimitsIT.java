package io.perigee.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.rest.ChallengeRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Limits count by caller, also behind a proxy that is trusted to say who that is. */
@QuarkusTest
@QuarkusTestResource(value = LimitsIT.Behind.class, restrictToAnnotatedClass = true)
final class LimitsIT {
    private static final int MOST = 5;
    private static final int UNKNOWN = 401;
    private static final int REFUSED = 429;
    /** A minute may end meanwhile. */
    private static final int TRIES = 2 * MOST + 2;

    /** Servers behind a proxy, with small limits. */
    public static final class Behind extends Servers {
        @Override
        public Map<String, String> start() {
            var settings = super.start();
            settings.put("perigee.api.limits.sign-ins-per-minute", Integer.toString(MOST));
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
        return from(address)
                .body(Json.bytes(new ChallengeRequest(wallet)))
                .post("/api/v1/sessions/challenges")
                .statusCode();
    }

    private static RequestSpecification from(String address) {
        return given().header("X-Forwarded-For", address).contentType("application/json");
    }
}
