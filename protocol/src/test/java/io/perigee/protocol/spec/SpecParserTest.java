package io.perigee.protocol.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.message.NumericClass;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecParserTest {
    static final String HUMAN = """
      {"name":"support-bot-lora","trainer":"strict","base":"model://tiny","dataset":"%1$s",
       "method":{"kind":"lora","r":8,"alpha":16,"dropout":0.0,"targets":["q_proj","k_proj","v_proj","o_proj"]},
       "train":{"steps":64,"microBatch":4,"gradAccum":1,"seqLen":64,"lr":"2e-4","scheduler":"cosine","warmupSteps":8,"seed":7,"dtype":"float32"},
       "segments":{"stepsPerSegment":8},
       "resources":{"gpu":{"count":0,"models":[]},"cpu":1,"memory":"1GB","disk":"1GB"},
       "placement":{"regions":[],"minReputation":0.0,"excludeOwners":[],"numericClass":"any"},
       "price":{"max":"2.50"},
       "deadlines":{"queue":"10m","run":"2h","upload":"15m"},
       "verification":{"policy":"replicate","replicas":2}}""".formatted(id('d'));

    @Test
    void shouldResolveEverythingImplicit() {
        // when
        var spec = valid(HUMAN);

        // then
        assertThat(new String(CanonicalJson.bytes(spec), StandardCharsets.UTF_8))
                .isEqualTo("""
            {"base":"%s","dataset":"%s","deadlines":{"queue":600,"run":7200,"upload":900},"image":"%s",\
            "imageSource":"trainer","method":{"alpha":16,"dropout":"0","kind":"lora","r":8,\
            "targets":["q_proj","k_proj","v_proj","o_proj"]},"name":"support-bot-lora",\
            "placement":{"excludeOwners":[],"minReputation":"0","numericClass":"any","regions":[]},\
            "price":{"max":"2500000"},"resources":{"cpu":1,"disk":1000000000,\
            "gpu":{"count":0,"models":[],"vramMin":0},"memory":1000000000},"segments":{"stepsPerSegment":8},\
            "train":{"dtype":"float32","gradAccum":1,"lr":"0.0002","microBatch":4,"scheduler":"cosine","seed":7,\
            "seqLen":64,"steps":64,"warmupSteps":8},"trainer":"strict",\
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
                        "lora", 8, 16, Decimal.ZERO, List.of("q_proj", "k_proj", "v_proj", "o_proj")));
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
    void shouldNameTheStrictClass() {
        var spec = valid(HUMAN.replace("\"numericClass\":\"any\"", "\"numericClass\":\"strict\""));
        assertThat(spec.placement().demandedClass()).contains(NumericClass.STRICT);
    }

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
                bad("\"replicate\"", "\"audit\"", "verification.policy"),
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
        var whole = (ObjectNode) Json.read(HUMAN, com.fasterxml.jackson.databind.JsonNode.class);

        for (var section : whole.properties()) {
            for (var value : junk) {
                // when
                var changed = whole.deepCopy();
                changed.set(section.getKey(), anything(value));
                SpecParser.parse(changed, SpecParserTest.RESOLVER);

                for (var field : section.getValue().properties()) {
                    var inner = whole.deepCopy();
                    ((ObjectNode) inner.get(section.getKey())).set(field.getKey(), anything(value));
                    SpecParser.parse(inner, SpecParserTest.RESOLVER);
                }
            }
        }
        // then: nothing was thrown
    }

    /** Also what our own reader refuses, such as U+0000: the parser is not to lean on it. */
    private static com.fasterxml.jackson.databind.JsonNode anything(String json) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
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

    static final SpecResolver RESOLVER = new TestResolver();

    static JobSpec valid(String json) {
        var result = SpecParser.parse(Json.read(json, com.fasterxml.jackson.databind.JsonNode.class), RESOLVER);
        assertThat(result).isInstanceOf(SpecParser.Result.Valid.class);
        return ((SpecParser.Result.Valid) result).spec();
    }

    private static List<Violation> invalid(String json) {
        var result = SpecParser.parse(Json.read(json, com.fasterxml.jackson.databind.JsonNode.class), RESOLVER);
        assertThat(result).isInstanceOf(SpecParser.Result.Invalid.class);
        return ((SpecParser.Result.Invalid) result).violations();
    }

    static String id(char digit) {
        return "sha256:" + String.valueOf(digit).repeat(64);
    }
}
