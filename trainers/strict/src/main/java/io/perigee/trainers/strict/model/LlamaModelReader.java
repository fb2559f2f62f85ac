package io.perigee.trainers.strict.model;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.model.LlamaModel.Layer;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads {@code model.safetensors} into the shape that {@code config.json} promises. */
public final class LlamaModelReader {
    private LlamaModelReader() {}

    /** Reads the weights of a base directory. */
    public static LlamaModel read(Path base, LlamaConfig config) throws IOException {
        if (Files.isRegularFile(base.resolve("model.safetensors.index.json"))) {
            throw JobFailure.data(
                    "BAD_BASE",
                    "Expected the base model's weights in one 'model.safetensors', but they are sharded.",
                    "Save the model with max_shard_size above its size.");
        }
        try (SafetensorsFile file =
                SafetensorsFile.open(base.resolve("model.safetensors"), "the base model's 'model.safetensors'")) {
            return model(file, config);
        }
    }

    private static LlamaModel model(SafetensorsFile file, LlamaConfig config) throws IOException {
        int width = config.width();
        List<Integer> vocabularyShape = List.of(config.vocabulary(), width);
        float[] embeddings = file.floats("model.embed_tokens.weight", vocabularyShape);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String prefix = "model.layers." + i + ".";
            Map<Target, Projection> projections = new EnumMap<>(Target.class);
            for (Target target : Target.values()) {
                int inputs = LlamaModel.inputs(config, target);
                int outputs = LlamaModel.outputs(config, target);
                float[] weights = file.floats(prefix + target.module() + ".weight", List.of(outputs, inputs));
                projections.put(target, Projection.of(inputs, outputs, weights));
            }
            layers.add(new Layer(
                    file.floats(prefix + "input_layernorm.weight", List.of(width)),
                    file.floats(prefix + "post_attention_layernorm.weight", List.of(width)),
                    projections));
        }
        float[] head = config.tiedEmbeddings() ? embeddings : file.floats("lm_head.weight", vocabularyShape);
        return new LlamaModel(
                config,
                embeddings,
                layers,
                file.floats("model.norm.weight", List.of(width)),
                Projection.of(width, config.vocabulary(), head));
    }
}
