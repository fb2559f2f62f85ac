package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.data.Example;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.math.KernelChoice;
import io.perigee.trainers.strict.tensor.SafetensorsWriter;
import io.perigee.trainers.strict.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** For comparing this trainer with others: what the model with a checkpoint's adapter says about the first examples. */
public final class LogitsReport {
    private LogitsReport() {}

    /**
     * Writes {@code logits.safetensors} into the outputs: tensor {@code <i>} holds the logits after each learned position of
     * example i of the dataset.
     */
    public static void write(Workplace place, Path checkpoint, int border, int examples) throws IOException {
        Inputs inputs = Inputs.read(place);
        if (border < 0 || border > inputs.job().lastBorder()) {
            throw JobFailure.spec(
                    "USAGE",
                    "Expected a border from 0 to " + inputs.job().lastBorder() + ", but got " + border + ".",
                    "Name the checkpoint's own border.");
        }
        LoraLayout layout = LoraLayout.of(inputs.model().config(), inputs.job().method());
        var state = new Checkpoints(inputs.job(), layout).read(checkpoint, border);
        SortedMap<String, Tensor> logits = new TreeMap<>();
        List<Example> all = inputs.data().examples();
        try (Trainer trainer =
                new Trainer(inputs.job().withoutDropout(), inputs.model(), all, state, KernelChoice.best(), 1)) {
            for (int i = 0; i < Math.min(examples, all.size()); i++) {
                Example example = all.get(i);
                float[] values = trainer.logits(example);
                logits.put(
                        Integer.toString(i),
                        new Tensor(
                                List.of(
                                        example.learnedTokens(),
                                        inputs.model().config().vocabulary()),
                                values));
            }
        }
        new FileSet()
                .with("logits.safetensors", SafetensorsWriter.bytes(logits))
                .publishFiles(place.outputs());
    }
}
