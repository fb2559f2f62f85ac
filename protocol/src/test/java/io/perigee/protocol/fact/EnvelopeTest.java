package io.perigee.protocol.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.Samples;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final String GOOD = new String(
            Envelope.of(
                            new UUID(1, 2),
                            Instant.EPOCH,
                            "api",
                            "",
                            new JobReopened(new Samples(1).of(io.perigee.protocol.id.JobId.class), "why"))
                    .toJson(),
            StandardCharsets.UTF_8);

    @Test
    void shouldReadAnAssignmentOfATimeBeforeCheckpointsTravelled() {
        // given
        var whole = Json.tree(new Samples(3).of(JobAssigned.class));
        var old = ((ObjectNode) whole).without("resumeFrom");

        // when
        var read = Json.read(old, JobAssigned.class);

        // then
        assertThat(read.resumeFrom()).isNull();
        assertThat(Json.tree(read)).isEqualTo(old);
    }

    @Test
    void shouldReadInOneGoWhatItWrites() {
        BodyTypes.names().forEach(name -> {
            // given
            var envelope = Envelope.of(
                    new UUID(1, 2),
                    Instant.EPOCH.plusMillis(1),
                    "api",
                    "t",
                    new Samples(5).of(BodyTypes.classOf(name)));

            // when
            var bytes = envelope.toJson();

            // then
            assertThat(PlainEnvelope.read(bytes)).contains(envelope);
            assertThat(Envelope.sourceOf(bytes)).contains("api");
            assertThat(Json.tree(envelope.body()))
                    .as("written piece by piece")
                    .isEqualTo(Json.parse(bytes).path("body"));
        });
    }

    @Test
    void shouldReadWhatIsSpeltInAnotherOrder() {
        // given
        var tree = (ObjectNode) Json.parse(GOOD.getBytes(StandardCharsets.UTF_8));
        var other = Json.mapper().createObjectNode();
        other.set("body", tree.path("body"));
        other.setAll((ObjectNode) tree.without("body"));

        // when
        var read = Envelope.ofJson(Json.bytes(other));

        // then
        assertThat(read).isEqualTo(Envelope.ofJson(GOOD.getBytes(StandardCharsets.UTF_8)));
        assertThat(PlainEnvelope.read(Json.bytes(other))).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsNoEnvelope() {
        for (var bad : new String[] {
            "{}",
            GOOD.replace("\"v\":1", "\"v\":2"),
            GOOD.replace("JobReopened", "JobVanished"),
            GOOD.replace("\"trace\":\"\"", "\"trace\":7"),
            GOOD.replace("\"reason\"", "\"motive\""),
            GOOD.replace("\"source\"", "\"sauce\""),
            GOOD.replace("\"key\":\"", "\"key\":\"1"),
            GOOD.substring(0, GOOD.length() - 1),
            GOOD + "1",
            GOOD.replace("\"v\":1", "\"v\":1,\"v\":1"),
        }) {
            assertThatThrownBy(() -> Envelope.ofJson(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(InvalidValue.class);
        }
    }
}
