package io.perigee.settlement.testing;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.spec.JobSpec;

/** A small fine-tune of eight borders. */
public final class Specs {
    private Specs() {}

    public static JobSpec costing(long maximum) {
        return Json.read(SPEC.replace("2500000", Long.toString(maximum)), JobSpec.class);
    }

    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    private static final String SPEC = """
      {"base":"%1$s","data":{"evalFile":"","format":"auto","heldOut":"0","maxBadRows":0},"dataset":"%1$s","deadlines":{"queue":600,"run":600,"upload":60},"image":"%1$s",
      "imageSource":"trainer","method":{"alpha":16,"dropout":"0","kind":"lora","r":8,"targets":["q_proj"]},"name":"x","outputs":{"gguf":[],"merged":false},
      "placement":{"excludeOwners":[],"minReputation":"0","numericClass":"any","regions":[]},
      "price":{"max":"2500000"},"resources":{"cpu":1,"disk":1000000000,
      "gpu":{"count":0,"models":[],"vramMin":0},"memory":1000000000},"segments":{"stepsPerSegment":8},
      "train":{"dpoBeta":"0","dtype":"float32","gradAccum":1,"gradCheckpointing":false,"lossOn":"completions","lr":"0.0002",
      "maxGradNorm":"0","microBatch":4,"objective":"sft","optimizer":"adamw","packing":false,"scheduler":"cosine","seed":7,"seqLen":64,
      "steps":64,"warmupSteps":8,"weightDecay":"0"},"trainer":"strict","verification":{"policy":"replicate","replicas":2},"version":1}""".formatted(DIGEST);
}
