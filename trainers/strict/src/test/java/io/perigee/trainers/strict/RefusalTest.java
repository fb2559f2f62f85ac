package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.trainers.strict.failure.Exit;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.support.Child;
import io.perigee.trainers.strict.support.JobDirectory;
import io.perigee.trainers.strict.support.TinyBase;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import io.perigee.trainers.strict.tensor.SafetensorsWriter;
import io.perigee.trainers.strict.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    @TempDir
    Path root;

    private interface Damage {
        void apply(JobDirectory job) throws IOException;
    }

    static Stream<Arguments> badSpecs() {
        return Stream.of(
                spec("'method.targets' to name projections", job -> job.method("targets", List.of("q_proj", "x_proj"))),
                spec("'method.targets' to name at least one", job -> job.method("targets", List.of())),
                spec("'q_proj' is there twice", job -> job.method("targets", List.of("q_proj", "q_proj"))),
                spec("'method.targets' to be a list of strings", job -> job.method("targets", "q_proj")),
                spec("'method.kind' to be \"lora\"", job -> job.method("kind", "full")),
                spec(
                        "'method.r' to be a whole number from 1 to 512, but it is the number 0",
                        job -> job.method("r", 0)),
                spec("'method.r' to be given, but it is missing", job -> job.method("r", null)),
                spec("'method.dropout' to be a decimal", job -> job.method("dropout", "much")),
                spec("'method' to hold only", job -> job.method("rank", 8)),
                spec("'train.dtype' to be \"float32\"", job -> job.train("dtype", "bfloat16")),
                spec("'train.steps' to be a whole number", job -> job.train("steps", 0)),
                spec("'train.steps' to be a whole number", job -> job.train("steps", "64")),
                spec("'train.lr' to be a decimal", job -> job.train("lr", "-1")),
                spec("'train.lr' to be a decimal", job -> job.train("lr", "NaN")),
                spec("'train.scheduler' to be one of", job -> job.train("scheduler", "polynomial")),
                spec("'train.seqLen' to be at most the base model's context of 64", job -> job.train("seqLen", 65)),
                spec("'train.warmupSteps' to be a whole number from 0 to 6", job -> job.train("warmupSteps", 7)),
                spec("'train.microBatch' times 'train.gradAccum'", job -> job.train("microBatch", 4096)
                        .train("gradAccum", 4096)),
                spec("'train' to hold only", job -> job.train("epochs", 3)),
                spec("'train.objective' to be \"sft\"", job -> job.train("objective", "dpo")),
                spec("'train.lossOn' to be \"completions\"", job -> job.train("lossOn", "all")),
                spec("'train.dpoBeta' to be 0", job -> job.train("dpoBeta", "0.1")),
                spec("'train.optimizer' to be \"adamw\"", job -> job.train("optimizer", "adamw8bit")),
                spec("'train.weightDecay' to be 0", job -> job.train("weightDecay", "0.01")),
                spec("'train.maxGradNorm' to be 0", job -> job.train("maxGradNorm", "1")),
                spec("'train.packing' to be false", job -> job.train("packing", true)),
                spec("'train.packing' to be true or false", job -> job.train("packing", "no")),
                spec("'train.gradCheckpointing' to be false", job -> job.train("gradCheckpointing", true)),
                spec("'data.format' to be one of auto", job -> job.put("data", "format", "alpaca")),
                spec("'data.maxBadRows' to be 0", job -> job.put("data", "maxBadRows", 1)),
                spec("'data.heldOut' to be 0", job -> job.put("data", "heldOut", "0.1")),
                spec("'data.evalFile' to be \"\"", job -> job.put("data", "evalFile", "eval.jsonl")),
                spec("'data' to hold only", job -> job.put("data", "shuffle", true)),
                spec("no 'evaluate' section", job -> job.put("evaluate", "every", 1)),
                spec("'outputs.merged' to be false", job -> job.put("outputs", "merged", true)),
                spec("'outputs.gguf' to be empty", job -> job.put("outputs", "gguf", List.of("q8_0"))),
                spec("'outputs' to hold only", job -> job.put("outputs", "onnx", true)),
                spec(
                        "'segments.stepsPerSegment' to be a whole number",
                        job -> job.put("segments", "stepsPerSegment", 0)),
                spec("'resources.cpu' to be a decimal", job -> job.put("resources", "cpu", 0)));
    }

    @ParameterizedTest
    @MethodSource("badSpecs")
    void shouldRefuseABadSpecWith64(String sentence, Consumer<JobDirectory> change) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        change.accept(job);

        // when
        JobFailure failure = catchThrowableOfType(JobFailure.class, job::run);

        // then
        assertThat(failure.exit()).isEqualTo(Exit.BAD_SPEC);
        assertThat(failure.getMessage()).contains(sentence).startsWith("Expected ");
        assertThat(failure.hint()).isNotBlank();
    }

    @Test
    void shouldTakeTheKeysItHasNothingToDoFor() throws Exception {
        // given
        JobDirectory plain = JobDirectory.tiny(Files.createDirectories(root.resolve("plain")));
        plain.run();
        JobDirectory told = JobDirectory.tiny(Files.createDirectories(root.resolve("told")))
                .train("objective", "sft")
                .train("lossOn", "completions")
                .train("dpoBeta", "0")
                .train("optimizer", "adamw")
                .train("weightDecay", "0")
                .train("maxGradNorm", "0")
                .train("packing", false)
                .train("gradCheckpointing", false)
                .put("data", "format", "auto")
                .put("data", "maxBadRows", 0)
                .put("data", "heldOut", "0")
                .put("data", "evalFile", "")
                .put("outputs", "merged", false)
                .put("outputs", "gguf", List.of());

        // when
        Exit exit = told.run();

        // then
        assertThat(exit).isEqualTo(Exit.DONE);
        assertThat(told.committed()).isEqualTo(plain.committed());
    }

    static Stream<Arguments> badData() {
        return Stream.of(
                data(
                        "'config.json', but there is none",
                        job -> Files.delete(job.base().resolve("config.json"))),
                data("'model_type' to be \"llama\"", config("model_type", "gpt2")),
                data("'num_hidden_layers' to be a whole number", config("num_hidden_layers", 1000)),
                data("'hidden_size' to be a whole number", config("hidden_size", "wide")),
                data("plain rotary embeddings", config("rope_scaling", Map.of("factor", 2))),
                data("without biases", config("attention_bias", true)),
                data("share key heads evenly", config("num_key_value_heads", 3)),
                data("has shape [28, 20] where [30, 20] is needed", config("intermediate_size", 30)),
                data(
                        "'model.safetensors', but it does not exist",
                        job -> Files.delete(job.base().resolve("model.safetensors"))),
                data("bytes of data", weights(bytes -> Arrays.copyOf(bytes, bytes.length - 4))),
                data("bytes of data", weights(bytes -> Arrays.copyOf(bytes, bytes.length + 1))),
                data("size of a header", weights(bytes -> Arrays.copyOf(bytes, 5))),
                data("size of a header", weights(bytes -> {
                    bytes[6] = 1;
                    return bytes;
                })),
                data("header is not JSON", weights(bytes -> {
                    bytes[9] = '!';
                    return bytes;
                })),
                data("a value that is not finite", weights(bytes -> {
                    bytes[bytes.length - 1] = 0x7F;
                    bytes[bytes.length - 2] = (byte) 0xC0;
                    return bytes;
                })),
                data(
                        "'model.layers.1.mlp.up_proj.weight' is missing",
                        tensors(t -> t.remove("model.layers.1.mlp.up_proj.weight"))),
                data(
                        "'model.norm.weight' has shape [5, 4]",
                        tensors(t -> t.put("model.norm.weight", new Tensor(List.of(5, 4), new float[20])))),
                data(
                        "'tokenizer.json', but there is none",
                        job -> Files.delete(job.base().resolve("tokenizer.json"))),
                data("'type' to be \"BPE\"", tokenizer("\"BPE\"", "\"Unigram\"")),
                data("'type' to be \"ByteLevel\"", tokenizer("\"ByteLevel\"", "\"Whitespace\"")),
                data("'pre_tokenizer.use_regex' to be true", tokenizer("\"use_regex\":true", "\"use_regex\":false")),
                data("merge 0 of the tokenizer", tokenizer("\"merges\":[]", "\"merges\":[[\"a\",\"b\"]]")),
                data("none for byte 122", tokenizer("\"z\":122", "\"zz\":122")),
                data("to be JSON, but", tokenizer("{\"model\"", "{\"model")),
                data("to have at least one row", job -> job.dataset("", "  ")),
                data(
                        "none of 1 has",
                        job -> job.dataset("{\"prompt\":\"" + "a".repeat(80) + "\",\"completion\":\"b\"}")),
                data("there are none", job -> Files.delete(job.root().resolve("inputs/dataset/data.jsonl"))),
                data("line 2 of 'data.jsonl' to be JSON", job -> job.dataset("{\"text\":\"a\"}", "{\"text\":\"a\"")),
                data("line 1 of 'data.jsonl' to be JSON", job -> job.dataset("{\"text\":\"a\",\"text\":\"b\"}")),
                data("prompt and completion, messages, or text", job -> job.dataset("{\"question\":\"a\"}")),
                data("prompt and completion, as 'data.format' says", job -> job.put("data", "format", "prompt")
                        .dataset("{\"text\":\"a\"}")),
                data("to have text, as 'data.format' says", job -> job.put("data", "format", "text")
                        .dataset("{\"prompt\":\"a\",\"completion\":\"b\"}")),
                data("to have messages, as 'data.format' says", job -> job.put("data", "format", "messages")
                        .dataset("{\"text\":\"a\"}")),
                data("'completion' to be a string", job -> job.dataset("{\"prompt\":\"a\",\"completion\":7}")),
                data("to be an object", job -> job.dataset("[1]")),
                data("to be JSON", job -> job.dataset("[".repeat(500) + "]".repeat(500))),
                data("at most 4194304 bytes", job -> job.dataset("{\"text\":\"" + "a".repeat(5 << 20) + "\"}")));
    }

    @ParameterizedTest
    @MethodSource("badData")
    void shouldRefuseBadDataWith65(String sentence, Damage damage) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).train("seqLen", 33);
        damage.apply(job);

        // when
        JobFailure failure = catchThrowableOfType(JobFailure.class, job::run);

        // then
        assertThat(failure.exit()).isEqualTo(Exit.BAD_DATA);
        assertThat(failure.getMessage()).contains(sentence);
        assertThat(failure.hint()).isNotBlank();
    }

    @Test
    void shouldCallDivergenceByItsName() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        job.run("PERIGEE_TO", "1");
        job.resume(job.checkpoint(1));
        SortedMap<String, Tensor> huge = new java.util.TreeMap<>();
        try (SafetensorsFile adapter =
                SafetensorsFile.open(root.resolve("resume/adapter.safetensors"), "the adapter")) {
            adapter.shapes().forEach((name, shape) -> {
                float[] values = new float[shape.get(0) * shape.get(1)];
                Arrays.fill(values, 1e30f);
                huge.put(name, new Tensor(shape, values));
            });
        }
        Files.write(root.resolve("resume/adapter.safetensors"), SafetensorsWriter.bytes(huge));

        // when
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> job.run("PERIGEE_FROM", "1"));

        // then
        assertThat(failure.code()).isEqualTo("DIVERGED");
        assertThat(failure.exit()).isEqualTo(Exit.BAD_SPEC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter.safetensors", "optimizer.safetensors", "state.json"})
    void shouldCallACheckpointByItsNameThatIsNone(String file) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        job.run("PERIGEE_TO", "1");
        job.resume(job.checkpoint(1));
        Files.writeString(root.resolve("resume").resolve(file), "rubbish, but of a length");

        // when
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> job.run("PERIGEE_FROM", "1"));

        // then
        assertThat(failure.code()).isEqualTo("BAD_CHECKPOINT");
        assertThat(failure.exit()).isEqualTo(Exit.BAD_DATA);
    }

    @Test
    void shouldRefuseBordersOutsideTheJob() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> job.run("PERIGEE_TO", "9"));

        // then
        assertThat(failure.exit()).isEqualTo(Exit.BAD_SPEC);
        assertThat(failure.getMessage()).isEqualTo("Expected PERIGEE_TO to be a border from 0 to 3, but it is '9'.");
    }

    @Test
    void shouldLeaveTheReasonForThePeopleOutside() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).dataset("{}");

        // when
        Child child = Child.start(job, List.of(), Map.of());

        // then
        assertThat(child.exitCode()).isEqualTo(65);
        assertThat(child.output())
                .contains("BAD_DATASET: Row refused, line 1 of 'data.jsonl'.")
                .doesNotContain("\tat ");
        assertThat(root.resolve("outputs/error.json"))
                .content()
                .contains("\"code\":\"BAD_DATASET\"", "\"hint\":", "\"message\":");
    }

    @Test
    void shouldClearAnOldReasonOnceTheJobRuns() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        Files.writeString(root.resolve("outputs/error.json"), "{}");

        // when
        job.run();

        // then
        assertThat(root.resolve("outputs/error.json")).doesNotExist();
    }

    @Test
    void shouldTellAMissingJobFromABadOne() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        Child child = Child.start(
                job, List.of(), Map.of("PERIGEE_ROOT", root.resolve("elsewhere").toString()));

        // when
        int exit = child.exitCode();

        // then
        assertThat(exit).isEqualTo(64);
        assertThat(child.output()).contains("but there is no such file");
    }

    @Test
    void shouldSayWhenTheAskedMemoryCannotHoldTheJob() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).put("resources", "memory", 16_000_000);
        Child child = Child.start(job, List.of("-Xmx8m"), Map.of());

        // when
        int exit = child.exitCode();

        // then
        assertThat(exit).isEqualTo(64);
        assertThat(child.output()).contains("MEMORY_TOO_SMALL");
    }

    private static Arguments spec(String sentence, Consumer<JobDirectory> change) {
        return Arguments.of(sentence, change);
    }

    private static Arguments data(String sentence, Damage damage) {
        return Arguments.of(sentence, damage);
    }

    private static Damage config(String name, Object value) {
        return job -> {
            Map<String, Object> config = TinyBase.config();
            config.put(name, value);
            Files.writeString(job.base().resolve("config.json"), JsonWriter.write(config));
        };
    }

    private static Damage weights(java.util.function.UnaryOperator<byte[]> change) {
        return job -> {
            Path file = job.base().resolve("model.safetensors");
            Files.write(file, change.apply(Files.readAllBytes(file)));
        };
    }

    private static Damage tensors(Consumer<SortedMap<String, Tensor>> change) {
        return job -> {
            SortedMap<String, Tensor> tensors = TinyBase.weights();
            change.accept(tensors);
            Files.write(job.base().resolve("model.safetensors"), SafetensorsWriter.bytes(tensors));
        };
    }

    private static Damage tokenizer(String from, String to) {
        return job -> {
            Path file = job.base().resolve("tokenizer.json");
            String text = Files.readString(file, StandardCharsets.UTF_8);
            assertThat(text).contains(from);
            Files.writeString(file, text.replace(from, to));
        };
    }
}
