package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.session.Origins;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.gateway.AgentLogin;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.message.SessionKey;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The seconds a session key is good in, both ends included, as the contract counts them ({@code SessionKeyEndIT} of settlement). */
final class AgentRulesTest {
    private static final String NONCE = "5e".repeat(32);
    private static final Origin HERE = Origin.parse("https://hub.example.org");
    private static final long FROM = 1_790_000_000;
    private static final long UNTIL = FROM + 100;

    @Test
    void shouldLetAKeyInFromItsFirstSecondToItsLast() {
        assertThat(logIn(FROM)).isEmpty();
        assertThat(logIn(UNTIL)).isEmpty();
    }

    @Test
    void shouldRefuseAKeyBeforeItsFirstSecondAndAfterItsLast() {
        assertThat(logIn(FROM - 1)).contains(ErrorCode.UNAUTHENTICATED);
        assertThat(logIn(UNTIL + 1)).contains(ErrorCode.UNAUTHENTICATED);
    }

    private static Optional<ErrorCode> logIn(long second) {
        var provider = SampleProvider.of("a");
        var hub = Parties.HUB.address();
        var key = new SessionKey(
                provider.address(), provider.id(), provider.session().address(), hub, 1, FROM, UNTIL);
        var hello = new AgentMessage.Hello(
                "1",
                HERE,
                key,
                provider.wallet().sign(key.digest(Parties.DOMAIN)),
                provider.session().signMessage(AgentLogin.message(HERE, hub, NONCE)),
                provider.offer());
        return AgentRules.logIn(hello, hub, Origins.of(HERE), Parties.DOMAIN, NONCE, Instant.ofEpochSecond(second))
                .map(rejected -> rejected.code());
    }
}
