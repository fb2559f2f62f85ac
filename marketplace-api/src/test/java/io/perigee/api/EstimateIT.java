package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class EstimateIT {
    /** SmolLM2-135M's. */
    static final String CONFIG = """
            {"model_type":"llama","vocab_size":49152,"hidden_size":576,"intermediate_size":1536,"num_hidden_layers":30,
             "num_attention_heads":9,"num_key_value_heads":3,"max_position_embeddings":8192,"tie_word_embeddings":true}""";

    private final Region region = new Region();
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @AfterEach
    void hangUp() {
        region.close();
    }

    @Test
    void shouldEstimateTheMemoryFromTheBasesConfiguration() {
        // when
        var quote = door.quote(spec(base()));

        // then
        var estimate = Objects.requireNonNull(quote.estimate());
        assertThat(estimate.parameters()).isEqualTo(134_515_008L);
        assertThat(estimate.trainedParameters()).isEqualTo(30L * 8 * (576 + 576 + 576 + 192));
        assertThat(estimate.memory().total()).isBetween(4_000_000_000L, 8_000_000_000L);
        assertThat(estimate.required()).isGreaterThan(estimate.memory().total());
        assertThat(door.quote(door.spec()).estimate()).isNull();
    }

    @Test
    void shouldSayWhatWouldFitWhereAndTakeTheJobAllTheSame() {
        // given two providers whom the spec alone would suit
        connect(3_100_000_000L, 0);
        connect(3_000_000_000L, 0);

        // when
        var quote = door.quote(spec(base()));
        var job = Door.read(door.submit(door.signed(quote)), JobView.class);

        // then
        var largest =
                Objects.requireNonNull(Objects.requireNonNull(quote.estimate()).largest());
        assertThat(quote.candidates()).isEmpty();
        assertThat(largest.provider()).isEqualTo(region.provider(1).id());
        assertThat(largest.numericClass()).isEqualTo(NumericClass.STRICT);
        assertThat(largest.kind()).isEqualTo("strict");
        assertThat(largest.memory()).isEqualTo(3_000_000_000L);
        assertThat(largest.seqLen()).isBetween(8, 1_023);
        assertThat(quote.warnings())
                .anyMatch(warning -> warning.contains("in the roomiest class, strict, they have 3.00 GB"));
        assertThat(Log.outbox(job.id().toString()).getFirst().body())
                .isInstanceOfSatisfying(
                        JobSubmitted.class, fact -> assertThat(fact.base()).isEqualTo(SampleModels.SMOLLM2));
    }

    @Test
    void shouldOfferWhatItSaidWouldFit() {
        // given
        connect(3_100_000_000L, 0);
        connect(3_000_000_000L, 0);
        var spec = spec(base());
        var largest = Objects.requireNonNull(
                Objects.requireNonNull(door.quote(spec).estimate()).largest());
        ((ObjectNode) spec.get("train")).put("seqLen", largest.seqLen());

        // when
        var smaller = door.quote(spec);

        // then
        assertThat(smaller.candidates()).hasSize(2);
        assertThat(Objects.requireNonNull(smaller.estimate()).largest()).isNull();
    }

    @Test
    void shouldSayHowLongARunTakesByTheSpeedThatOffersSay() {
        // given
        connect(16_000_000_000L, 100_000_000_000L);
        connect(16_000_000_000L, 0);

        // when
        var quote = door.quote(spec(base()));

        // then
        assertThat(seconds(quote, region.provider(0))).isBetween(1L, 3_600L);
        assertThat(seconds(quote, region.provider(1))).isNull();
    }

    private static Long seconds(Quote quote, SampleProvider provider) {
        return quote.candidates().stream()
                .filter(candidate -> candidate.provider().equals(provider.id()))
                .findFirst()
                .map(Candidate::seconds)
                .orElse(null);
    }

    private ContentId base() {
        return Door.directory(door.token(), Map.of("config.json", CONFIG, "model.safetensors", "x"));
    }

    /** A job of long sequences in a region of this test's own; a gigabyte is all it asks for. */
    private ObjectNode spec(ContentId base) {
        var spec = Door.spec(base, door.directory("dataset"));
        ((ObjectNode) spec.get("train")).put("seqLen", 1_024);
        region.demandedBy(spec);
        return spec;
    }

    /** Connects a provider of an owner with stake, which lends so much and computes so fast. */
    private void connect(long memory, long flopsPerSecond) {
        var image = door.quote(door.spec()).spec().image();
        region.connect(
                Region.staked(),
                OfferBuilder.anOffer()
                        .at(1_000)
                        .lending(4, memory)
                        .holding(new ImageClass(image, NumericClass.STRICT, "strict", false, flopsPerSecond)));
    }
}
