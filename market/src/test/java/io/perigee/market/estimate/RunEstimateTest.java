package io.perigee.market.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
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

class RunEstimateTest {
    private static final JsonNode SMOLLM = vectors().get(0);

    static Stream<Arguments> named() {
        return StreamSupport.stream(vectors().spliterator(), false)
                .map(vector -> Arguments.of(vector.path("name").asText(), vector));
    }

    /** trainers/lora/tests/estimate_vectors.py wrote what the trainer's own estimate says. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void shouldSayWhatTheTrainerSays(String name, JsonNode vector) {
        // when
        var run = RunEstimate.of(shape(vector), lora(vector)).orElseThrow();

        // then
        var operations =
                vector.path("operationsPerStep").asDouble() * run.train().steps();
        assertThat(run.memory()).isEqualTo(Json.read(vector.path("memory"), MemoryEstimate.class));
        assertThat(run.base().parameters()).isEqualTo(vector.path("parameters").asLong());
        assertThat(run.trainedParameters())
                .isEqualTo(vector.path("trainedParameters").asLong());
        assertThat(run.operations()).isCloseTo(operations, within(operations * 1e-9));
    }

    @Test
    void shouldKnowHowManyWeightsAModelHas() {
        assertThat(shape(SMOLLM)).isEqualTo(SampleModels.SMOLLM2);
        assertThat(shape(SMOLLM).parameters()).isEqualTo(134_515_008L);
    }

    @Test
    void shouldLeaveAMarginOfATenth() {
        // given
        var run = new RunEstimate(
                SampleModels.SMOLLM2, SampleJobs.lora(2), MemoryEstimate.of(1_000_000_000, 0, 0, 0, 0, 1));

        // then
        assertThat(run.required()).isEqualTo(1_100_000_011L);
    }

    @Test
    void shouldFindTheLargestThatFits() {
        // given
        var room = 2_000_000_000L;
        var run = smollm(16, 256);

        // when
        int microBatch = run.microBatchWithin(room);
        int seqLen = run.seqLenWithin(room);

        // then
        assertThat(smollm(microBatch, 256).required()).isLessThanOrEqualTo(room);
        assertThat(smollm(microBatch + 1, 256).required()).isGreaterThan(room);
        assertThat(smollm(16, seqLen).required()).isLessThanOrEqualTo(room);
        assertThat(smollm(16, seqLen + 1).required()).isGreaterThan(room);
    }

    @Test
    void shouldSayZeroWhereNothingFits() {
        // given
        var run = smollm(16, 256);

        // then
        assertThat(run.microBatchWithin(1_000_000_000L)).isZero();
        assertThat(run.seqLenWithin(1_000_000_000L)).isZero();
    }

    @Test
    void shouldEstimateTheStrictTrainerToo() {
        // given
        var strict = SampleJobs.strict(2);
        var wider = SampleJobs.withResources(
                strict, new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 4, 1_000_000_000, 1_000_000_000));

        // when
        var memory = RunEstimate.of(SampleModels.SMOLLM2, strict).orElseThrow().memory();
        var more = RunEstimate.of(SampleModels.SMOLLM2, wider).orElseThrow().memory();

        // then
        assertThat(memory.weights()).isGreaterThan(4L * 2 * 134_515_008L);
        assertThat(memory.total())
                .isEqualTo(memory.weights()
                        + memory.gradients()
                        + memory.optimizer()
                        + memory.activations()
                        + memory.logits()
                        + memory.workspace());
        assertThat(more.activations()).isEqualTo(4 * memory.activations());
    }

    @Test
    void shouldSayNothingOfWhatItDoesNotKnow() {
        var odd = ((ObjectNode) SMOLLM.path("config").deepCopy()).put("model_type", "mamba");
        var broken = ((ObjectNode) SMOLLM.path("config").deepCopy()).put("hidden_size", -1);
        assertThat(ModelShape.read(odd)).isEmpty();
        assertThat(ModelShape.read(broken)).isEmpty();
        assertThat(RunEstimate.of(null, SampleJobs.lora(2))).isEmpty();
        assertThat(RunEstimate.of(SampleModels.SMOLLM2, SampleJobs.container(2)))
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
        var run = RunEstimate.of(ModelShape.read(huge).orElseThrow(), widest).orElseThrow();

        // then
        assertThat(run.memory().total()).isEqualTo((1L << 53) - 1);
        assertThat(run.required()).isGreaterThan(run.memory().total());
        assertThat(run.operations()).isFinite();
    }

    private static RunEstimate smollm(int microBatch, int seqLen) {
        var spec = SampleJobs.lora(2);
        var shaped = spec.training(Objects.requireNonNull(spec.train()).shaped(microBatch, seqLen));
        return RunEstimate.of(SampleModels.SMOLLM2, shaped).orElseThrow();
    }

    private static ModelShape shape(JsonNode vector) {
        return ModelShape.read(vector.path("config")).orElseThrow();
    }

    private static JobSpec lora(JsonNode vector) {
        var spec = (ObjectNode) Json.tree(SampleJobs.lora(2));
        spec.set("method", vector.path("method"));
        spec.set("train", vector.path("train"));
        spec.set("outputs", vector.path("outputs"));
        ((ObjectNode) spec.path("resources").path("gpu")).set("count", vector.path("gpus"));
        return Json.read((JsonNode) spec, JobSpec.class);
    }

    private static JsonNode vectors() {
        try (var in = Objects.requireNonNull(RunEstimateTest.class.getResourceAsStream("/estimate-vectors.json"))) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), JsonNode.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
