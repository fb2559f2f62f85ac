package io.perigee.protocol.spec;

import static io.perigee.protocol.spec.SpecSamples.EVERYTHING;
import static io.perigee.protocol.spec.SpecSamples.HUMAN;
import static io.perigee.protocol.spec.SpecSamples.id;
import static io.perigee.protocol.spec.SpecSamples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.message.NumericClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a spec that may stand becomes. */
class SpecParserTest {
    @ParameterizedTest
    @EnumSource(VerificationPolicy.class)
    void shouldTakeEveryPolicyForATrainerThatKeepsSegments(VerificationPolicy policy) {
        // when
        var spec = valid(HUMAN.replace("replicate", policy.wire()));

        // then
        assertThat(spec.verification().policy()).isEqualTo(policy);
        assertThat(spec.verification().quorum()).isEqualTo(2);
    }

    @Test
    void shouldResolveEverythingImplicit() {
        // when
        var spec = valid(HUMAN);

        // then
        assertThat(new String(CanonicalJson.bytes(spec), StandardCharsets.UTF_8))
                .isEqualTo("""
            {"base":"%s","data":{"evalFile":"","format":"auto","heldOut":"0","maxBadRows":0},"dataset":"%s","deadlines":{"queue":600,"run":7200,"upload":900},"image":"%s",\
            "imageSource":"trainer","method":{"alpha":16,"dropout":"0","kind":"lora","r":8,\
            "targets":["q_proj","k_proj","v_proj","o_proj"]},"name":"support-bot-lora",\
            "outputs":{"gguf":[],"merged":false},"placement":{"excludeOwners":[],"minReputation":"0","numericClass":"any","regions":[]},\
            "price":{"max":"2500000"},"resources":{"cpu":1,"disk":1000000000,\
            "gpu":{"count":0,"models":[],"vramMin":0},"memory":1000000000},"segments":{"stepsPerSegment":8},\
            "train":{"dpoBeta":"0","dtype":"float32","gradAccum":1,"gradCheckpointing":false,"lossOn":"completions",\
            "lr":"0.0002","maxGradNorm":"0","microBatch":4,"objective":"sft","optimizer":"adamw","packing":false,\
            "scheduler":"cosine","seed":7,"seqLen":64,"steps":64,"warmupSteps":8,"weightDecay":"0"},"trainer":"strict",\
            "verification":{"policy":"replicate","replicas":2},"version":1}""".formatted(id('b'), id('d'), id('1')));
        assertThat(spec.borders()).isEqualTo(8);
        assertThat(spec.units()).isEqualTo(64L * 4 * 64);
        assertThat(spec.verification().quorum()).isEqualTo(2);
    }

    @Test
    void shouldWriteOutDefaults() {
        // when
        var spec = valid(
                "{\"name\":\"x\",\"trainer\":\"strict\",\"base\":\"model://tiny\",\"dataset\":\"%s\",\"train\":{\"steps\":25},\"price\":{\"max\":\"1\"}}"
                        .formatted(id('d')));

        // then
        assertThat(spec.borders()).isEqualTo(3);
        assertThat(spec.method())
                .isEqualTo(new JobSpec.Method(
                        MethodKind.LORA, 8, 16, Decimal.ZERO, List.of("q_proj", "k_proj", "v_proj", "o_proj")));
        assertThat(spec.train())
                .isEqualTo(JobSpec.Train.supervised(
                        25, 4, 1, 128, new Decimal("0.0002"), Scheduler.COSINE, 0, 0, Dtype.FLOAT32));
        assertThat(spec.data()).isEqualTo(JobSpec.Data.PLAIN);
        assertThat(spec.evaluate()).isNull();
        assertThat(spec.outputs()).isEqualTo(JobSpec.Outputs.PLAIN);
        assertThat(spec.verification()).isEqualTo(new JobSpec.Verification(VerificationPolicy.REPLICATE, 2));
        assertThat(spec.price().max()).isEqualTo(Amount.of(1_000_000));
    }

    @Test
    void shouldHashTheSameHoweverItIsWritten() {
        // given
        var other = HUMAN.replace("\"2e-4\"", "0.00020")
                .replace("\"10m\"", "\"600s\"")
                .replace("\"1GB\"", "\"1000MB\"")
                .replace("\"2.50\"", "\"2.5\"")
                .replace("model://tiny", id('b'));

        // when
        var hash = SpecHash.of(valid(other));

        // then
        assertThat(hash).isEqualTo(SpecHash.of(valid(HUMAN)));
        assertThat(SpecHash.of(valid(HUMAN.replace("\"seed\":7", "\"seed\":8"))))
                .isNotEqualTo(hash);
    }

    @Test
    void shouldTakeImagesOfTheBuildersOwn() {
        // given
        var json = "{\"name\":\"x\",\"image\":\"%s\",\"price\":{\"max\":\"1\"}}";

        // when
        var archive = valid(json.formatted("artifact://" + id('a') + "@" + id('c')));
        var registry = valid(json.formatted("ghcr.io/some/image@" + id('c')));

        // then
        assertThat(archive.imageSource()).isEqualTo("artifact:" + id('a'));
        assertThat(archive.imageArtifact()).contains(ContentId.parse(id('a')));
        assertThat(archive.image().value()).isEqualTo(id('c'));
        assertThat(archive.borders()).isZero();
        assertThat(archive.units()).isZero();
        assertThat(archive.baseId()).isEmpty();
        assertThat(registry.imageSource()).isEqualTo("registry:ghcr.io/some/image");
        assertThat(Json.read(CanonicalJson.bytes(archive), JobSpec.class)).isEqualTo(archive);
    }

    @Test
    void shouldTakeEverythingThatCanBeSaid() {
        // when
        var spec = valid(EVERYTHING);

        // then
        assertThat(spec.data()).isEqualTo(new JobSpec.Data(DataFormat.PREFERENCE, 3, new Decimal("0.05"), ""));
        assertThat(spec.evaluate()).isEqualTo(new JobSpec.Evaluate(2, 3));
        assertThat(spec.outputs()).isEqualTo(new JobSpec.Outputs(true, List.of(GgufFormat.Q8_0, GgufFormat.Q5_1)));
        assertThat(Json.read(CanonicalJson.bytes(spec), JobSpec.class)).isEqualTo(spec);
        assertThat(new String(CanonicalJson.bytes(spec), StandardCharsets.UTF_8))
                .contains("\"evaluate\":{\"earlyStop\":3,\"every\":2}")
                .contains("\"outputs\":{\"gguf\":[\"q8_0\",\"q5_1\"],\"merged\":true}")
                .contains("\"dpoBeta\":\"0.25\"", "\"maxGradNorm\":\"1\"", "\"optimizer\":\"adamw8bit\"");
    }

    @Test
    void shouldWriteOutWhatFollowsFromAnotherKey() {
        // given
        var dpo = HUMAN.replace("\"strict\"", "\"lora\"").replace("\"seed\"", "\"objective\":\"dpo\",\"seed\"");
        var held = HUMAN.replace("\"strict\"", "\"lora\"")
                .replace("\"segments\"", "\"data\":{\"evalFile\":\"eval.jsonl\"},\"segments\"");
        var full = HUMAN.replace("\"strict\"", "\"lora\"")
                .replaceFirst("\"method\":\\{.*?}", "\"method\":{\"kind\":\"full\"}");

        // when
        var beta = valid(dpo).train();
        var evaluate = valid(held).evaluate();
        var method = valid(full).method();

        // then
        assertThat(beta).extracting(JobSpec.Train::dpoBeta).isEqualTo(new Decimal("0.1"));
        assertThat(evaluate).isEqualTo(new JobSpec.Evaluate(1, 0));
        assertThat(method).isEqualTo(JobSpec.Method.FULL);
        assertThat(new String(CanonicalJson.bytes(valid(full)), StandardCharsets.UTF_8))
                .contains("\"method\":{\"alpha\":0,\"dropout\":\"0\",\"kind\":\"full\",\"r\":0,\"targets\":[]}");
    }

    @Test
    void shouldLeaveOutTheSectionsAnImageDoesNotHave() {
        // given
        var image = "{\"name\":\"x\",\"image\":\"ghcr.io/some/image@%s\",\"price\":{\"max\":\"1\"}%s}";
        var train = ",\"train\":{\"steps\":4}";

        // when
        var bare = valid(image.formatted(id('c'), ""));
        var training = valid(image.formatted(id('c'), train));
        var reading = valid(image.formatted(id('c'), train + ",\"dataset\":\"" + id('d') + "\""));

        // then
        assertThat(new String(CanonicalJson.bytes(bare), StandardCharsets.UTF_8))
                .doesNotContain("\"data\"", "\"evaluate\"", "\"outputs\"");
        assertThat(training.data()).isNull();
        assertThat(training.outputs()).isEqualTo(JobSpec.Outputs.PLAIN);
        assertThat(reading.data()).isEqualTo(JobSpec.Data.PLAIN);
    }

    @Test
    void shouldNameTheStrictClass() {
        var spec = valid(HUMAN.replace("\"numericClass\":\"any\"", "\"numericClass\":\"strict\""));
        assertThat(spec.placement().demandedClass()).contains(NumericClass.STRICT);
    }

    @Test
    void shouldHoldCanonicalSpecsToTheSameRules() {
        // given
        var spec = valid(HUMAN);
        var canonical = new String(CanonicalJson.bytes(spec), StandardCharsets.UTF_8);

        // when
        var tampered = Json.read(
                canonical.replace("\"steps\":64", "\"steps\":0").replace("\"r\":8", "\"r\":100000"), JobSpec.class);

        // then
        assertThat(SpecRules.check(spec)).isEmpty();
        assertThat(SpecRules.check(tampered)).extracting(Violation::path).contains("train.steps", "method.r");
    }
}
