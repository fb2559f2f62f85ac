package io.perigee.protocol.spec;

import static io.perigee.protocol.spec.SpecSamples.EVERYTHING;
import static io.perigee.protocol.spec.SpecSamples.HUMAN;
import static io.perigee.protocol.spec.SpecSamples.RESOLVER;
import static io.perigee.protocol.spec.SpecSamples.id;
import static io.perigee.protocol.spec.SpecSamples.invalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about a spec that may not stand. */
class WrongSpecTest {
    static Stream<Arguments> badInputs() {
        return Stream.of(
                bad("\"name\":\"support-bot-lora\",", "", "name"),
                bad("support-bot-lora", "-x", "name"),
                bad("support-bot-lora", "x".repeat(64), "name"),
                bad("support-bot-lora", "a b", "name"),
                bad("\"support-bot-lora\"", "7", "name"),
                bad("\"trainer\":\"strict\",", "", "trainer"),
                bad("\"trainer\":\"strict\"", "\"trainer\":\"strict\",\"image\":\"x/y@" + id('c') + "\"", "trainer"),
                bad("\"strict\"", "\"magic\"", "trainer"),
                bad("\"trainer\":\"strict\"", "\"image\":\"ubuntu:latest\"", "image"),
                bad("\"trainer\":\"strict\"", "\"image\":\"UPPER/case@" + id('c') + "\"", "imageSource"),
                bad("model://tiny", "model://missing", "base"),
                bad("model://tiny", "../base", "base"),
                bad("model://tiny", "sha256:abc", "base"),
                bad("\"base\":\"model://tiny\",", "", "base"),
                bad(id('d'), "model://tiny", "dataset"),
                bad("\"kind\":\"lora\"", "\"kind\":\"dora\"", "method.kind"),
                bad("\"kind\":\"lora\"", "\"kind\":\"lorra\"", "method.kind"),
                bad("\"kind\":\"lora\"", "\"kind\":\"full\"", "method.targets"),
                bad("\"float32\"", "\"float16\"", "train.dtype"),
                bad("\"float32\"", "\"bfloat16\"", "train.dtype"),
                bad("\"seed\":7", "\"seed\":7,\"objective\":\"ppo\"", "train.objective"),
                bad("\"seed\":7", "\"seed\":7,\"objective\":\"dpo\"", "train.objective"),
                bad("\"seed\":7", "\"seed\":7,\"dpoBeta\":0.1", "train.dpoBeta"),
                bad("\"seed\":7", "\"seed\":7,\"lossOn\":\"all\"", "train.lossOn"),
                bad("\"seed\":7", "\"seed\":7,\"optimizer\":\"sgd\"", "train.optimizer"),
                bad("\"seed\":7", "\"seed\":7,\"optimizer\":\"adamw8bit\"", "train.optimizer"),
                bad("\"seed\":7", "\"seed\":7,\"weightDecay\":0.01", "train.weightDecay"),
                bad("\"seed\":7", "\"seed\":7,\"maxGradNorm\":1", "train.maxGradNorm"),
                bad("\"seed\":7", "\"seed\":7,\"packing\":true", "train.packing"),
                bad("\"seed\":7", "\"seed\":7,\"packing\":\"yes\"", "train.packing"),
                bad("\"seed\":7", "\"seed\":7,\"gradCheckpointing\":true", "train.gradCheckpointing"),
                bad("\"seqLen\":64", "\"seqLen\":65536", "train.seqLen"),
                bad("\"microBatch\":4,\"gradAccum\":1", "\"microBatch\":1024,\"gradAccum\":65", "train.gradAccum"),
                bad("\"dropout\":0.0", "\"dropout\":0.96", "method.dropout"),
                bad("[\"q_proj\",\"k_proj\"", "[\"qkv_proj\",\"k_proj\"", "method.targets"),
                bad("\"segments\"", "\"data\":{\"format\":\"csv\"},\"segments\"", "data.format"),
                bad("\"segments\"", "\"data\":{\"format\":\"alpaca\"},\"segments\"", "data.format"),
                bad("\"segments\"", "\"data\":{\"maxBadRows\":1},\"segments\"", "data.maxBadRows"),
                bad("\"segments\"", "\"data\":{\"heldOut\":0.1},\"segments\"", "data.heldOut"),
                bad("\"segments\"", "\"data\":{\"heldOut\":0.1},\"segments\"", "evaluate"),
                bad("\"segments\"", "\"data\":{\"evalFile\":\"e.jsonl\"},\"segments\"", "data.evalFile"),
                bad("\"segments\"", "\"data\":{\"seed\":1},\"segments\"", "data.seed"),
                bad("\"segments\"", "\"data\":[],\"segments\"", "data"),
                bad("\"segments\"", "\"evaluate\":{},\"segments\"", "data.heldOut"),
                bad("\"segments\"", "\"outputs\":{\"merged\":true},\"segments\"", "outputs.merged"),
                bad("\"segments\"", "\"outputs\":{\"gguf\":[\"q8_0\"]},\"segments\"", "outputs.gguf"),
                bad("\"segments\"", "\"outputs\":{\"gguf\":[\"q2_k\"]},\"segments\"", "outputs.gguf"),
                lora("\"dpoBeta\":0.25", "\"dpoBeta\":0", "train.dpoBeta"),
                lora("\"dpoBeta\":0.25", "\"dpoBeta\":11", "train.dpoBeta"),
                lora("\"dpo\"", "\"sft\"", "train.dpoBeta"),
                lora("\"dpo\"", "\"sft\"", "data.format"),
                lora("\"completions\"", "\"all\"", "train.lossOn"),
                lora("\"packing\":false", "\"packing\":true", "train.packing"),
                lora("\"weightDecay\":0.01", "\"weightDecay\":1.5", "train.weightDecay"),
                lora("\"weightDecay\":0.01", "\"weightDecay\":-1", "train.weightDecay"),
                lora("\"maxGradNorm\":\"1.0\"", "\"maxGradNorm\":\"-1\"", "train.maxGradNorm"),
                lora("\"maxGradNorm\":\"1.0\"", "\"maxGradNorm\":1001", "train.maxGradNorm"),
                lora("\"preference\"", "\"messages\"", "data.format"),
                lora("\"maxBadRows\":3", "\"maxBadRows\":-1", "data.maxBadRows"),
                lora("\"heldOut\":\"0.05\"", "\"heldOut\":\"0.51\"", "data.heldOut"),
                lora("\"heldOut\":\"0.05\"", "\"heldOut\":\"-0.1\"", "data.heldOut"),
                lora("\"heldOut\":\"0.05\"", "\"heldOut\":0", "data.heldOut"),
                lora("\"evalFile\":\"\"", "\"evalFile\":\"eval.jsonl\"", "data.heldOut"),
                lora("\"heldOut\":\"0.05\",\"evalFile\":\"\"", "\"evalFile\":\"../eval.jsonl\"", "data.evalFile"),
                lora("\"every\":2", "\"every\":0", "evaluate.every"),
                lora("\"earlyStop\":3", "\"earlyStop\":-1", "evaluate.earlyStop"),
                lora("\"earlyStop\":3", "\"patience\":3", "evaluate.patience"),
                lora("[\"q8_0\",\"q5_1\"]", "[\"q8_0\",\"q8_0\"]", "outputs.gguf[1]"),
                bad("\"r\":8", "\"r\":0", "method.r"),
                bad("\"r\":8", "\"r\":257", "method.r"),
                bad("\"r\":8", "\"r\":\"8\"", "method.r"),
                bad("\"r\":8", "\"r\":8.5", "method.r"),
                bad("\"alpha\":16", "\"alpha\":0", "method.alpha"),
                bad("\"dropout\":0.0", "\"dropout\":1", "method.dropout"),
                bad("\"dropout\":0.0", "\"dropout\":-0.1", "method.dropout"),
                bad("\"dropout\":0.0", "\"dropout\":true", "method.dropout"),
                bad("[\"q_proj\",\"k_proj\",\"v_proj\",\"o_proj\"]", "[]", "method.targets"),
                bad("[\"q_proj\",\"k_proj\",\"v_proj\",\"o_proj\"]", "\"q_proj\"", "method.targets"),
                bad("[\"q_proj\",\"k_proj\",\"v_proj\",\"o_proj\"]", "[1]", "method.targets"),
                bad("[\"q_proj\",\"k_proj\"", "[\"q proj\",\"k_proj\"", "method.targets[0]"),
                bad("\"k_proj\"", "\"q_proj\"", "method.targets[1]"),
                bad("\"steps\":64", "\"steps\":0", "train.steps"),
                bad("\"steps\":64", "\"steps\":1000001", "train.steps"),
                bad("\"steps\":64", "\"steps\":99999999999", "train.steps"),
                bad("\"steps\":64,", "", "train.steps"),
                bad("\"steps\":64", "\"steps\":64,\"epochs\":3", "train.epochs"),
                bad("\"microBatch\":4", "\"microBatch\":0", "train.microBatch"),
                bad("\"gradAccum\":1", "\"gradAccum\":-1", "train.gradAccum"),
                bad("\"seqLen\":64", "\"seqLen\":7", "train.seqLen"),
                bad("\"2e-4\"", "\"0\"", "train.lr"),
                bad("\"2e-4\"", "\"fast\"", "train.lr"),
                bad("\"2e-4\"", "1.5", "train.lr"),
                bad("\"cosine\"", "\"cosin\"", "train.scheduler"),
                bad("\"warmupSteps\":8", "\"warmupSteps\":65", "train.warmupSteps"),
                bad("\"seed\":7", "\"seed\":-7", "train.seed"),
                bad("\"seed\":7", "\"seed\":9007199254740992", "train.seed"),
                bad("\"float32\"", "\"float64\"", "train.dtype"),
                bad("\"stepsPerSegment\":8", "\"stepsPerSegment\":0", "segments.stepsPerSegment"),
                bad("\"stepsPerSegment\":8", "\"stepsPerSegment\":65", "segments.stepsPerSegment"),
                bad("\"segments\":{\"stepsPerSegment\":8}", "\"segments\":[]", "segments"),
                bad("\"count\":0", "\"count\":17", "resources.gpu.count"),
                bad("\"count\":0", "\"count\":1,\"vram\":\"24GB\"", "resources.gpu.vram"),
                bad("\"count\":0", "\"count\":1,\"vram\":\"24..\"", "resources.gpu.vram"),
                bad("\"count\":0", "\"count\":1,\"vram\":\"24GB..48GB\"", "resources.gpu.vram"),
                bad("\"count\":0", "\"count\":0,\"vram\":\"24GB..\"", "resources.gpu"),
                bad("\"cpu\":1", "\"cpu\":0", "resources.cpu"),
                bad("\"cpu\":1", "\"cpu\":\"1\"", "resources.cpu"),
                bad("\"memory\":\"1GB\"", "\"memory\":\"1GiB\"", "resources.memory"),
                bad("\"memory\":\"1GB\"", "\"memory\":1000000000", "resources.memory"),
                bad("\"memory\":\"1GB\"", "\"memory\":\"1MB\"", "resources.memory"),
                bad("\"memory\":\"1GB\"", "\"memory\":\"-1GB\"", "resources.memory"),
                bad("\"disk\":\"1GB\"", "\"disk\":\"1g\"", "resources.disk"),
                bad("\"disk\":\"1GB\"", "\"disk\":\"999999999TB\"", "resources.disk"),
                bad("\"disk\":\"1GB\"", "\"disk\":\"0.0000000001GB\"", "resources.disk"),
                bad("\"regions\":[]", "\"regions\":[\"EU West\"]", "placement.regions[0]"),
                bad("\"minReputation\":0.0", "\"minReputation\":1.1", "placement.minReputation"),
                bad("\"excludeOwners\":[]", "\"excludeOwners\":[\"bob\"]", "placement.excludeOwners"),
                bad("\"numericClass\":\"any\"", "\"numericClass\":\"avx2\"", "placement.numericClass"),
                bad(
                        "\"numericClass\":\"any\"",
                        "\"numericClass\":\"0x%s\"".formatted("1".repeat(64)),
                        "placement.numericClass"),
                bad("\"2.50\"", "2.50", "price.max"),
                bad("\"2.50\"", "\"2.5000001\"", "price.max"),
                bad("\"2.50\"", "\"-1\"", "price.max"),
                bad("\"2.50\"", "\"0\"", "price.max"),
                bad("\"2.50\"", "\"" + "9".repeat(50) + "\"", "price.max"),
                bad("{\"max\":\"2.50\"}", "{}", "price.max"),
                bad("{\"max\":\"2.50\"}", "\"2.50\"", "price"),
                bad("\"10m\"", "\"10 minutes\"", "deadlines.queue"),
                bad("\"10m\"", "600", "deadlines.queue"),
                bad("\"10m\"", "\"8d\"", "deadlines.queue"),
                bad("\"2h\"", "\"0s\"", "deadlines.run"),
                bad("\"15m\"", "\"999999999d\"", "deadlines.upload"),
                bad("\"replicate\"", "\"trust\"", "verification.policy"),
                bad("\"replicas\":2", "\"replicas\":1", "verification.replicas"),
                bad("\"replicas\":2", "\"replicas\":6", "verification.replicas"),
                bad("\"replicas\":2", "\"replcas\":2", "verification.replcas"),
                bad("\"name\":\"support-bot-lora\"", "\"name\":\"support-bot-lora\",\"prize\":{}", "prize"),
                bad("\"name\":\"support-bot-lora\"", "\"name\":\"support-bot-lora\",\"version\":2", "version"));
    }

    private static Arguments bad(String from, String to, String path) {
        assertThat(HUMAN).contains(from);
        return arguments(from + " → " + to, HUMAN.replace(from, to), path);
    }

    /** The same for the trainer that takes everything. */
    private static Arguments lora(String from, String to, String path) {
        assertThat(EVERYTHING).contains(from);
        return arguments("lora: " + from + " → " + to, EVERYTHING.replace(from, to), path);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void shouldSayWhereAndWhatWasExpected(String change, String json, String path) {
        // when
        var violations = invalid(json);

        // then
        assertThat(violations).extracting(Violation::path).contains(path);
        assertThat(violations).allSatisfy(violation -> {
            assertThat(violation.expected()).isNotBlank();
            assertThat(violation.actual()).isNotBlank().hasSizeLessThan(120);
            assertThat(violation.hint()).isNotBlank();
        });
    }

    @Test
    void shouldBlameOnlyWhatIsWrong() {
        assertThat(invalid(HUMAN.replace("\"steps\":64", "\"steps\":\"many\"")))
                .extracting(Violation::path)
                .containsExactly("train.steps");
        assertThat(invalid(HUMAN.replace("\"2.50\"", "2.5")))
                .extracting(Violation::path)
                .containsExactly("price.max");
        assertThat(invalid(EVERYTHING.replace("\"heldOut\":\"0.05\"", "\"heldOut\":[]")))
                .extracting(Violation::path)
                .containsExactly("data.heldOut");
        assertThat(invalid(EVERYTHING.replace(id('d'), "dataset://missing")))
                .extracting(Violation::path)
                .containsExactly("dataset");
    }

    @Test
    void shouldSayWhichTrainerDoesMore() {
        // given
        var json = HUMAN.replace("\"kind\":\"lora\"", "\"kind\":\"dora\"");

        // when
        var violations = invalid(json);

        // then
        assertThat(violations)
                .containsExactly(new Violation(
                        "method.kind",
                        "lora, as trainer 'strict' takes",
                        "dora",
                        "trainer: strict does no more; trainer: lora does"));
    }

    @Test
    void shouldFindEverythingInOneReading() {
        var json = HUMAN.replace("\"r\":8", "\"r\":0")
                .replace("\"2h\"", "\"two hours\"")
                .replace("\"replicas\"", "\"replcas\"");
        assertThat(invalid(json))
                .extracting(Violation::path)
                .contains("method.r", "deadlines.run", "verification.replcas");
    }

    @Test
    void shouldGuessMisspelledKeys() {
        assertThat(invalid(HUMAN.replace("\"replicas\"", "\"replcas\"")))
                .extracting(Violation::hint)
                .contains("did you mean 'replicas'?");
    }

    @Test
    void shouldNotLookAtTheEntriesOfAListThatIsTooLong() {
        // given
        var regions = "\"\",".repeat(5_000) + "\"\"";

        // when
        var violations = invalid(HUMAN.replace("\"regions\":[]", "\"regions\":[" + regions + "]"));

        // then
        assertThat(violations).extracting(Violation::path).containsExactly("placement.regions");
    }

    @Test
    void shouldStopAtAThousandMistakes() {
        // given
        var formats = "\"x\",".repeat(5_000) + "\"x\"";

        // when
        var violations = invalid(EVERYTHING.replace("[\"q8_0\",\"q5_1\"]", "[" + formats + "]"));

        // then
        assertThat(violations).hasSize(1_000);
    }

    @Test
    void shouldRefuseWhatIsNoMapping() {
        for (var json : new String[] {"[]", "1", "\"x\"", "true"}) {
            assertThat(invalid(json)).hasSize(1);
        }
    }

    @Test
    void shouldSurviveAnythingInAnyPlace() {
        // given
        var junk = new String[] {
            "null",
            "true",
            "-1",
            "1e300",
            "\"\"",
            "\"\\u0000\"",
            "[]",
            "[[]]",
            "{}",
            "{\"a\":{\"b\":[null]}}",
            "\"" + "x".repeat(10_000) + "\""
        };
        var whole = (ObjectNode) Json.read(EVERYTHING, JsonNode.class);

        for (var section : whole.properties()) {
            for (var value : junk) {
                // when
                var changed = whole.deepCopy();
                changed.set(section.getKey(), anything(value));
                SpecParser.parse(changed, RESOLVER);

                for (var field : section.getValue().properties()) {
                    var inner = whole.deepCopy();
                    ((ObjectNode) inner.get(section.getKey())).set(field.getKey(), anything(value));
                    SpecParser.parse(inner, RESOLVER);
                }
            }
        }
        // then: nothing was thrown
    }

    /** Also what our own reader refuses, such as U+0000: the parser is not to lean on it. */
    private static JsonNode anything(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
