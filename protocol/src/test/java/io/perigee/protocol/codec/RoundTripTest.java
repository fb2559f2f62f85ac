package io.perigee.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.Samples;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.Fact;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.*;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
    private static final int SEEDS = 12;

    static Stream<Class<?>> documents() {
        return Stream.of(
                Bundle.class,
                JobSpec.class,
                Offer.class,
                HubInfo.class,
                ChallengeRequest.class,
                Challenge.class,
                SessionRequest.class,
                SessionView.class,
                UploadRequest.class,
                UploadView.class,
                QuoteRequest.class,
                Quote.class,
                SubmitRequest.class,
                JobView.class,
                TimelineEntry.class,
                JobEvent.class,
                JobPage.class,
                ProviderView.class,
                BundleView.class,
                Problem.class,
                ProgressView.class);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldReadBackWhatItWrote(Class<?> type) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var value = new Samples(seed).of(type);
            assertThat(Json.read(Json.bytes(value), type)).as("seed %d", seed).isEqualTo(value);
        }
    }

    static Stream<String> bodies() {
        return BodyTypes.names().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void shouldCarryEveryFactAndCommand(String name) {
        for (int seed = 0; seed < SEEDS; seed++) {
            // given
            var samples = new Samples(seed);
            var body = samples.body(BodyTypes.classOf(name));
            var envelope =
                    Envelope.of(UUID.randomUUID(), Instant.parse("2026-01-01T00:00:00.123456Z"), "scheduler", "", body);

            // when
            var read = Envelope.ofJson(envelope.toJson());

            // then
            assertThat(read).as("seed %d", seed).isEqualTo(envelope);
            assertThat(read.type()).isEqualTo(name);
        }
    }

    @Test
    void shouldRegisterEveryFactAndCommand() {
        var concrete = Stream.concat(leaves(Fact.class), leaves(Command.class)).map(Class::getSimpleName);
        assertThat(BodyTypes.names()).containsExactlyInAnyOrderElementsOf(concrete.toList());
    }

    static Stream<Class<?>> messages() {
        return Stream.concat(leaves(HubMessage.class), leaves(AgentMessage.class));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldCarryEveryGatewayMessage(Class<?> type) {
        // given
        var value = new Samples(5).of(type);
        var base = value instanceof HubMessage ? HubMessage.class : AgentMessage.class;

        // when
        var json = Json.text(value);

        // then
        assertThat(Json.read(json, base)).isEqualTo(value);
        assertThat(json).startsWith("{\"type\":\"");
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RoundTripTest::leaves)
                : Stream.of(type);
    }
}
