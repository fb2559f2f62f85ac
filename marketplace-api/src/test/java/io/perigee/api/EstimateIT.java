package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class EstimateIT {
    /** SmolLM2-135M's. */
    private static final String CONFIG = """
            {"model_type":"llama","vocab_size":49152,"hidden_size":576,"intermediate_size":1536,"num_hidden_layers":30,
             "num_attention_heads":9,"num_key_value_heads":3,"max_position_embeddings":8192,"tie_word_embeddings":true}""";

    private final List<TestAgent> agents = new ArrayList<>();
    private final String region = "r-" + UUID.randomUUID().toString().substring(0, 8);
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
        Log.allot(door.wallet().address(), 1_000_000_000L);
    }

    @AfterEach
    void hangUp() {
        agents.forEach(TestAgent::vanish);
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
        assertThat(largest.provider()).isEqualTo(agents.get(1).provider().id());
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
        assertThat(seconds(quote, agents.get(0))).isBetween(1L, 3_600L);
        assertThat(seconds(quote, agents.get(1))).isNull();
    }

    private static Long seconds(Quote quote, TestAgent agent) {
        return quote.candidates().stream()
                .filter(candidate ->
                        candidate.provider().equals(agent.provider().id()))
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
        spec.putObject("placement").putArray("regions").add(region);
        return spec;
    }

    /** Connects a provider of an owner with stake, which lends so much and computes so fast. */
    private void connect(long memory, long flopsPerSecond) {
        var provider = SampleProvider.of("agent-" + UUID.randomUUID());
        Log.publish(new StakeChanged(provider.address(), Amount.of(1_000_000_000_000L), 1));
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.stake where owner = ?",
                                provider.address().value())
                        == 1,
                () -> "the stake did not arrive");
        var agent = TestAgent.dial(provider);
        agent.hello(provider.sessionKey(), provider.sessionKeySignature(), offer(memory, flopsPerSecond));
        agent.next(HubMessage.Welcome.class);
        agents.add(agent);
    }

    private Offer offer(long memory, long flopsPerSecond) {
        var image = door.quote(door.spec()).spec().image();
        return OfferBuilder.anOffer()
                .at(1_000)
                .lending(4, memory)
                .in(region)
                .holding(new ImageClass(image, NumericClass.STRICT, "strict", false, flopsPerSecond))
                .build();
    }
}
