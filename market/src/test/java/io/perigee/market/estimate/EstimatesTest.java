package io.perigee.market.estimate;

import static io.perigee.testkit.data.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EstimatesTest {
    private static final JsonNode SMOLLM = vectors().get(0);

    static Stream<Arguments> named() {
        return StreamSupport.stream(vectors().spliterator(), false)
                .map(vector -> Arguments.of(vector.path("name").asText(), vector));
    }

    /** trainers/lora/tests/memory_vectors.py wrote what the trainer's own estimate says. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void shouldSayWhatTheTrainerSays(String name, JsonNode vector) {
        // when
        var estimate = Estimates.of(shape(vector), lora(vector), List.of()).orElseThrow();

        // then
        assertThat(estimate.memory()).isEqualTo(Json.read(vector.path("memory"), MemoryEstimate.class));
        assertThat(estimate.parameters()).isEqualTo(vector.path("parameters").asLong());
        assertThat(estimate.trainedParameters())
                .isEqualTo(vector.path("trainedParameters").asLong());
        assertThat(estimate.largest()).isNull();
    }

    @Test
    void shouldKnowHowManyWeightsAModelHas() {
        assertThat(shape(SMOLLM).parameters()).isEqualTo(134_515_008L);
    }

    @Test
    void shouldSayWhatTheRoomiestProviderCouldRun() {
        // given
        var spec = lora(SMOLLM);
        var offers = List.of(
                view("small", anOffer().lending(2, 1_000_000_000L).build()),
                view("roomy", anOffer().lending(2, 1_900_000_000L).build()));

        // when
        var estimate = Estimates.of(shape(SMOLLM), spec, offers).orElseThrow();

        // then
        var largest = Objects.requireNonNull(estimate.largest());
        assertThat(largest.provider()).isEqualTo(SampleProvider.of("roomy").id());
        assertThat(largest.microBatch()).isZero();
        assertThat(largest.seqLen()).isBetween(8, 511);
        assertThat(need(spec, 1, largest.seqLen())).isLessThanOrEqualTo(1_900_000_000L);
        assertThat(need(spec, 1, largest.seqLen() + 1)).isGreaterThan(1_900_000_000L);
        assertThat(Estimates.warnings(estimate, spec))
                .anyMatch(warning -> warning.contains("the roomiest lends 1.90 GB")
                        && warning.contains("seqLen " + largest.seqLen()))
                .anyMatch(warning -> warning.contains("resources.memory"));
    }

    @Test
    void shouldSayNothingWhereSomebodyHasTheRoom() {
        // given
        var spec = SampleJobs.withResources(
                lora(SMOLLM),
                new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 1, 8_000_000_000L, 1_000_000_000L));
        var offers = List.of(view("roomy", anOffer().lending(2, 8_000_000_000L).build()));

        // when
        var estimate = Estimates.of(shape(SMOLLM), spec, offers).orElseThrow();

        // then
        assertThat(estimate.largest()).isNull();
        assertThat(Estimates.warnings(estimate, spec)).isEmpty();
    }

    @Test
    void shouldCountTheMemoryOfTheGpusAskedFor() {
        // given
        var spec = SampleJobs.withResources(
                lora(SMOLLM),
                new JobSpec.Resources(new JobSpec.GpuNeed(1, 0, List.of("Tiny")), 1, 8_000_000_000L, 1_000_000_000L));
        var offers = List.of(
                view(
                        "big",
                        anOffer()
                                .with(new Gpu("Big", 80_000_000_000L, "9.0", "1"))
                                .build()),
                view(
                        "tiny",
                        anOffer()
                                .with(new Gpu("Tiny", 2_000_000_000L, "9.0", "1"))
                                .build()));

        // when
        var estimate = Estimates.of(shape(SMOLLM), spec, offers).orElseThrow();

        // then
        assertThat(Objects.requireNonNull(estimate.largest()))
                .extracting(Estimate.Largest::provider, Estimate.Largest::memory)
                .containsExactly(SampleProvider.of("tiny").id(), 2_000_000_000L);
    }

    @Test
    void shouldEstimateTheStrictTrainerToo() {
        // given
        var strict = SampleJobs.strict(2);

        // when
        var memory =
                Estimates.of(shape(SMOLLM), strict, List.of()).orElseThrow().memory();

        // then
        var more = SampleJobs.withResources(
                strict, new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 4, 1_000_000_000, 1_000_000_000));
        assertThat(memory.weights()).isGreaterThan(4L * 2 * 134_515_008L);
        assertThat(memory.total())
                .isEqualTo(memory.weights()
                        + memory.gradients()
                        + memory.optimizer()
                        + memory.activations()
                        + memory.logits()
                        + memory.workspace());
        assertThat(Estimates.of(shape(SMOLLM), more, List.of())
                        .orElseThrow()
                        .memory()
                        .activations())
                .isEqualTo(4 * memory.activations());
    }

    @Test
    void shouldSayNothingOfWhatItDoesNotKnow() {
        var odd = ((ObjectNode) SMOLLM.path("config").deepCopy()).put("model_type", "mamba");
        var broken = ((ObjectNode) SMOLLM.path("config").deepCopy()).put("hidden_size", -1);
        assertThat(ModelShape.read(odd)).isEmpty();
        assertThat(ModelShape.read(broken)).isEmpty();
        assertThat(Estimates.of(shape(SMOLLM), SampleJobs.container(2), List.of()))
                .isEmpty();
    }

    @Test
    void shouldStayFiniteAtEveryBound() {
        // given
        var huge = Json.read("""
                {"model_type":"llama","vocab_size":16777216,"hidden_size":65536,"intermediate_size":1048576,
                 "num_hidden_layers":1024,"num_attention_heads":1024,"num_key_value_heads":1024,"head_dim":4096,
                 "max_position_embeddings":16777216}""", JsonNode.class);
        var spec = lora(SMOLLM);
        var train = Objects.requireNonNull(spec.train());
        var widest = spec.training(JobSpec.Train.supervised(
                1_000_000, 1024, 1024, 131_072, new Decimal("1"), train.scheduler(), 0, 0, train.dtype()));

        // when
        var memory = Estimates.of(ModelShape.read(huge).orElseThrow(), widest, List.of())
                .orElseThrow()
                .memory();

        // then
        assertThat(memory.total()).isEqualTo((1L << 53) - 1);
    }

    private static long need(JobSpec spec, int microBatch, int seqLen) {
        var train = Objects.requireNonNull(spec.train());
        var other = spec.training(JobSpec.Train.supervised(
                train.steps(), microBatch, 1, seqLen, train.lr(), train.scheduler(), 0, 0, train.dtype()));
        return Estimates.memory(shape(SMOLLM), other).orElseThrow().total();
    }

    private static OfferView view(String name, Offer offer) {
        var provider = SampleProvider.of(name);
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                offer,
                Amount.of(1_000_000),
                0,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }

    private static ModelShape shape(JsonNode vector) {
        return ModelShape.read(vector.path("config")).orElseThrow();
    }

    private static JobSpec lora(JsonNode vector) {
        var spec = (ObjectNode) Json.tree(SampleJobs.strict(2));
        spec.put("trainer", "lora");
        spec.set("method", vector.path("method"));
        spec.set("train", vector.path("train"));
        return Json.read((JsonNode) spec, JobSpec.class);
    }

    private static JsonNode vectors() {
        try (var in = Objects.requireNonNull(EstimatesTest.class.getResourceAsStream("/memory-vectors.json"))) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), JsonNode.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
