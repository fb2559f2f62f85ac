package io.perigee.trainers.strict.lora;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.job.TrainingJob.Method;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads an adapter in PEFT's layout, as this trainer writes it. */
public final class AdapterReader {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    private AdapterReader() {}

    /** An adapter, laid out for a model. */
    public record Adapter(Method method, LoraLayout layout, float[] parameters) {}

    /** Reads the adapter of a directory for a model of this configuration. */
    public static Adapter read(Path directory, LlamaConfig config) throws IOException {
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw bad("Expected the adapter to have an '" + CONFIG + "', but there is none.");
        }
        Method method;
        try {
            method = method(new JsonFields("", JsonReader.read(file, 1 << 20), AdapterReader::bad));
        } catch (JsonReader.Malformed e) {
            throw bad("Expected the adapter's '" + CONFIG + "' to be JSON, but " + e.getMessage() + ".");
        }
        LoraLayout layout = LoraLayout.of(config, method);
        float[] parameters = new float[layout.size()];
        try (SafetensorsFile weights =
                SafetensorsFile.open(directory.resolve(WEIGHTS), "the adapter's '" + WEIGHTS + "'")) {
            Map<String, List<Integer>> shapes = layout.shapes("");
            for (Map.Entry<String, Integer> slot : layout.offsets().entrySet()) {
                List<Integer> shape = java.util.Objects.requireNonNull(shapes.get(slot.getKey()));
                float[] values = weights.floats(slot.getKey(), shape);
                System.arraycopy(values, 0, parameters, slot.getValue(), values.length);
            }
            if (weights.shapes().size() != shapes.size()) {
                throw bad("Expected the adapter to hold the tensors that its '" + CONFIG + "' names, but it has more.");
            }
        }
        return new Adapter(method, layout, parameters);
    }

    private static Method method(JsonFields config) {
        if (!config.text("peft_type").equals("LORA")) {
            throw bad("Expected an adapter of type LORA, but it is " + config.text("peft_type") + ".");
        }
        for (String other : List.of("use_dora", "use_rslora")) {
            if (config.flag(other, false)) {
                throw bad("Expected plain LoRA, but the adapter has '" + other + "'.");
            }
        }
        List<Target> targets = new ArrayList<>();
        for (String name : config.texts("target_modules")) {
            targets.add(Target.named(name)
                    .orElseThrow(() ->
                            bad("Expected adapters of a Llama layer's projections, but one is of '" + name + "'.")));
        }
        targets.sort(null);
        return new Method(config.integer("r", 1, 512), config.decimal("lora_alpha", 1e-6, 65536), 0, targets);
    }

    private static JobFailure bad(String message) {
        return JobFailure.data(
                "BAD_ADAPTER", message, "Give an adapter that the strict trainer wrote, in PEFT's layout.");
    }
}
