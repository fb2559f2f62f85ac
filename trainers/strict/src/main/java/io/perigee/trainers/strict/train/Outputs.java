package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result in PEFT's layout. It is a function of the spec and one checkpoint, so that anyone can derive it again. */
public final class Outputs {
    private Outputs() {}

    /** Writes {@code adapter_config.json} and {@code adapter_model.safetensors} from a checkpoint. */
    public static void derive(TrainingJob job, Path checkpoint, Path outputs) throws IOException {
        Path adapter = checkpoint.resolve(Checkpoints.ADAPTER);
        try (SafetensorsFile file = SafetensorsFile.open(adapter, "the checkpoint's '" + Checkpoints.ADAPTER + "'")) {
            if (file.shapes().keySet().stream()
                    .anyMatch(name -> !name.matches(
                            "base_model\\.model\\.model\\.layers\\.[0-9]+\\.[a-z_.]+\\.lora_[AB]\\.weight"))) {
                throw JobFailure.data(
                        "BAD_CHECKPOINT",
                        "Expected the checkpoint's adapter to hold LoRA tensors only, but it does not.",
                        "Export a checkpoint that this trainer wrote.");
            }
        }
        new FileSet()
                .with("adapter_config.json", JsonWriter.write(config(job)) + "\n")
                .with("adapter_model.safetensors", Files.readAllBytes(adapter))
                .publishFiles(outputs);
    }

    private static Map<String, @Nullable Object> config(TrainingJob job) {
        TrainingJob.Method method = job.method();
        Map<String, @Nullable Object> config = new HashMap<>();
        config.put("base_model_name_or_path", job.base().isEmpty() ? null : job.base());
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("inference_mode", true);
        config.put("init_lora_weights", true);
        config.put("lora_alpha", number(method.alpha()));
        config.put("lora_dropout", number(method.dropout()));
        config.put("peft_type", "LORA");
        config.put("r", method.rank());
        config.put(
                "target_modules",
                method.targets().stream().map(Target::projection).sorted().toList());
        config.put("task_type", "CAUSAL_LM");
        return config;
    }

    private static BigDecimal number(double value) {
        return JsonWriter.rounded(value);
    }
}
