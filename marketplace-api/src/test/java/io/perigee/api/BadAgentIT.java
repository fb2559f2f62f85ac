package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigInteger;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that no agent should send. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BadAgentIT {
    private SampleProvider provider;
    private TestAgent agent;

    @BeforeEach
    void dial() {
        provider = SampleProvider.of("rude-" + UUID.randomUUID());
        agent = TestAgent.dial(provider);
    }

    @AfterEach
    void hangUp() {
        agent.vanish();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"type\":7}",
                "{\"type\":\"nonsense\"}",
                "{\"type\":\"heartbeat\"}",
                "{\"type\":\"heartbeat\",\"running\":[null]}",
                "{\"type\":\"heartbeat\",\"running\":[],\"more\":1}",
                "{\"type\":\"heartbeat\",\"running\":[],\"running\":[]}",
                "{\"type\":\"accept\",\"ref\":\"x\"}",
                "{\"type\":\"decline\",\"ref\":\"00000000-0000-0000-0000-000000000000\",\"jobId\":\"x\"}",
                "{\"type\":\"\\u0000\"}",
                "{\"type\":\"nonsense\\ud800\"}",
            })
    void shouldSayWhatItCannotRead(String text) {
        // given
        welcome();

        // when
        agent.say(text);

        // then
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal.detail())
                .startsWith("Expected to read AgentMessage, but ")
                .doesNotContain("io.perigee");
        assertThat(refusal.hint()).isNotBlank();
    }

    @Test
    void shouldBoundTheDepth() {
        // given
        welcome();

        // when
        agent.say("{\"offer\":" + "[".repeat(100_000));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).detail()).contains("deeper");
    }

    @Test
    void shouldEndTheLineOfWhoMakesTenMistakes() {
        // given
        welcome();

        // when
        for (int i = 0; i < 10; i++) {
            agent.say("{}");
        }

        // then
        assertThat(agent.closeCode()).isEqualTo(4003);
    }

    @Test
    void shouldEndTheLineAtAMessageAboveEightMebibytes() {
        // given
        welcome();

        // when
        agent.say("{\"type\":\"heartbeat\",\"running\":[\"" + "0".repeat(9 << 20));

        // then
        assertThat(agent.closeCode()).isEqualTo(1009);
        TestAgent.connect("next-" + UUID.randomUUID(), 100_000).close();
    }

    @Test
    void shouldEndTheLineAtABinaryMessage() {
        // given
        welcome();

        // when
        agent.say(new byte[] {0, 1, 2});

        // then
        assertThat(agent.closeCode()).isEqualTo(1003);
    }

    @Test
    void shouldRefuseASignatureOverAnotherNonce() {
        // when
        agent.helloToAnotherNonce();

        // then
        refused(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void shouldRefuseAVersionThatCannotBeKept() {
        // given
        var challenge = agent.next(HubMessage.Challenge.class);
        var nonce = provider.session()
                .signMessage(io.perigee.protocol.gateway.AgentLogin.message(
                        Door.origin(), challenge.hub(), challenge.nonce()));
        var hello = (ObjectNode) Json.tree(new AgentMessage.Hello(
                "test", Door.origin(), provider.sessionKey(), provider.sessionKeySignature(), nonce, provider.offer()));
        hello.put("agentVersion", "1\0");

        // when
        agent.say(Json.text(hello));

        // then
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(refusal.detail()).contains("U+0000");
        assertThat(Log.outbox(provider.id().value())).isEmpty();
    }

    @Test
    void shouldRefuseAPriceThatOverflowsEverybodysQuotes() {
        // given
        var absurd = new Amount(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        var offer = provider.offer();
        var dear = new io.perigee.protocol.offer.Offer(
                offer.hardware(),
                offer.numericClasses(),
                offer.images(),
                absurd,
                absurd,
                offer.slots(),
                offer.memory(),
                offer.disk(),
                offer.cpus(),
                offer.gpus(),
                offer.region());

        // when
        agent.hello(provider.sessionKey(), provider.sessionKeySignature(), dear);

        // then
        refused(ErrorCode.MALFORMED);
        var door = Door.open();
        assertThat(door.quote(door.spec()).borders()).isEqualTo(4);
    }

    @Test
    void shouldRefuseAnOpeningThatItsFilesContradict() {
        // given: an agent that has not said hello is soon cut off, so it dials again
        var job = Door.open().job();
        agent.vanish();
        agent = TestAgent.dial(provider);
        welcome();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);
        var reveal = run.reveal(4);

        // when
        agent.say(new AgentMessage.Reveal(
                UUID.randomUUID(),
                job.id(),
                run.hash(),
                4,
                new io.perigee.protocol.result.Opening(
                        reveal.opening().root(),
                        4,
                        new Digest("0x" + "7".repeat(64)),
                        reveal.opening().salt()),
                reveal.segments(),
                reveal.outputs(),
                null));

        // then
        assertThat(agent.next(HubMessage.Refusal.class).code()).isEqualTo(ErrorCode.BAD_OPENING);
        assertThat(Log.outbox(job.id().toString())).hasSize(1);
    }

    @Test
    void shouldRefuseABorderOutsideTheAssignment() {
        // given: an agent that has not said hello is soon cut off, so it dials again
        var job = Door.open().job();
        agent.vanish();
        agent = TestAgent.dial(provider);
        welcome();
        var run = Assigning.assigned(provider, job);
        agent.next(HubMessage.AssignmentOffer.class);

        // when
        for (int border : List.of(0, 5, Integer.MAX_VALUE)) {
            var commitment =
                    new io.perigee.protocol.message.Commitment(run.hash(), border, new Digest("0x" + "7".repeat(64)));
            agent.say(new AgentMessage.Commit(
                    UUID.randomUUID(),
                    job.id(),
                    commitment,
                    provider.session().sign(commitment.digest(io.perigee.testkit.sample.Parties.DOMAIN))));

            // then
            var refusal = agent.next(HubMessage.Refusal.class);
            assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
            assertThat(refusal.detail()).contains("a border of the assignment, 0 to 4");
        }
        assertThat(Log.outbox(job.id().toString())).hasSize(1);
    }

    private void welcome() {
        agent.hello();
        agent.next(HubMessage.Welcome.class);
    }

    private void refused(ErrorCode code) {
        var refusal = agent.next(HubMessage.Refusal.class);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.detail()).startsWith("Expected");
        assertThat(agent.closeCode()).isEqualTo(4003);
        assertThat(Log.outbox(provider.id().value())).isEmpty();
    }
}
