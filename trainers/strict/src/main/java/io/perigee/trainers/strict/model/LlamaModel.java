package io.perigee.trainers.strict.model;

import io.perigee.trainers.strict.job.Target;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The frozen base. */
public record LlamaModel(
        LlamaConfig config, float[] embeddings, List<Layer> layers, float[] lastNorm, Projection head) {

    /** One decoder layer. */
    public record Layer(float[] attentionNorm, float[] innerNorm, Map<Target, Projection> projections) {
        public Layer {
            projections = new EnumMap<>(projections);
        }

        public Projection projection(Target target) {
            return java.util.Objects.requireNonNull(projections.get(target));
        }
    }

    public LlamaModel {
        layers = List.copyOf(layers);
    }

    /** Inputs of a projection. */
    public static int inputs(LlamaConfig config, Target target) {
        return switch (target) {
            case Q, K, V, GATE, UP -> config.width();
            case O -> config.queryWidth();
            case DOWN -> config.inner();
        };
    }

    /** Outputs of a projection. */
    public static int outputs(LlamaConfig config, Target target) {
        return switch (target) {
            case Q -> config.queryWidth();
            case K, V -> config.keyWidth();
            case O, DOWN -> config.width();
            case GATE, UP -> config.inner();
        };
    }
}
