package io.perigee.protocol.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.util.List;

/** Specs as people write them, and what the parser makes of them. */
final class SpecSamples {
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

    /** Every section and every key that can stand beside the others. */
    static final String EVERYTHING = HUMAN.replace("\"strict\"", "\"lora\"")
            .replace("\"kind\":\"lora\"", "\"kind\":\"qlora\"")
            .replace(
                    "\"dtype\":\"float32\"",
                    "\"dtype\":\"bfloat16\",\"objective\":\"dpo\",\"lossOn\":\"completions\",\"dpoBeta\":0.25,"
                            + "\"optimizer\":\"adamw8bit\",\"weightDecay\":0.01,\"maxGradNorm\":\"1.0\",\"packing\":false,"
                            + "\"gradCheckpointing\":true")
            .replace(
                    "\"segments\"",
                    "\"data\":{\"format\":\"preference\",\"maxBadRows\":3,\"heldOut\":\"0.05\",\"evalFile\":\"\"},"
                            + "\"evaluate\":{\"every\":2,\"earlyStop\":3},"
                            + "\"outputs\":{\"merged\":true,\"gguf\":[\"q8_0\",\"q5_1\"]},\"segments\"");

    static final SpecResolver RESOLVER = new TestResolver();

    private SpecSamples() {}

    static JobSpec valid(String json) {
        var result = SpecParser.parse(Json.read(json, JsonNode.class), RESOLVER);
        assertThat(result).isInstanceOf(SpecParser.Result.Valid.class);
        return ((SpecParser.Result.Valid) result).spec();
    }

    static List<Violation> invalid(String json) {
        var result = SpecParser.parse(Json.read(json, JsonNode.class), RESOLVER);
        assertThat(result).isInstanceOf(SpecParser.Result.Invalid.class);
        return ((SpecParser.Result.Invalid) result).violations();
    }

    static String id(char digit) {
        return "sha256:" + String.valueOf(digit).repeat(64);
    }
}
