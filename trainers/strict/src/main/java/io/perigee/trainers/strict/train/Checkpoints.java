package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraState;
import io.perigee.trainers.strict.tensor.SafetensorsFile;
import io.perigee.trainers.strict.tensor.SafetensorsWriter;
import io.perigee.trainers.strict.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The full training state at borders, as the container contract lays it out. */
public final class Checkpoints {
    public static final String ADAPTER = "adapter.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String MEAN = "exp_avg.";
    private static final String SQUARE = "exp_avg_sq.";
    private static final String HINT =
            "Resume from a checkpoint of this very job, with PERIGEE_FROM set to its border.";

    private final TrainingJob job;
    private final LoraLayout layout;

    public Checkpoints(TrainingJob job, LoraLayout layout) {
        this.job = job;
        this.layout = layout;
    }

    /** Writes a border's checkpoint; {@code metrics} are the lines of the segment that ends there. */
    public void write(Path checkpoints, int border, LoraState state, List<String> metrics) throws IOException {
        SortedMap<String, Tensor> optimizer = new TreeMap<>(layout.tensors(MEAN, state.mean()));
        optimizer.putAll(layout.tensors(SQUARE, state.square()));
        new FileSet()
                .with(ADAPTER, SafetensorsWriter.bytes(layout.tensors("", state.parameters())))
                .with(OPTIMIZER, SafetensorsWriter.bytes(optimizer))
                .with(
                        STATE,
                        JsonWriter.write(Map.of(
                                        "dataCursor", cursor(state.steps()), "step", state.steps(), "version", 1))
                                + "\n")
                .with("metrics.jsonl", String.join("", metrics))
                .with("DONE", "")
                .publishDirectory(checkpoints.resolve(Integer.toString(border)));
    }

    /** The state of a checkpoint, which must be exactly that of border {@code border}. */
    public LoraState read(Path checkpoint, int border) throws IOException {
        int steps = job.stepsAt(border);
        if (!Files.isRegularFile(checkpoint.resolve(STATE))) {
            throw bad("Expected the checkpoint of border " + border + " at '" + checkpoint + "', but there is no '"
                    + STATE + "'.");
        }
        try {
            JsonFields state =
                    new JsonFields("", JsonReader.read(checkpoint.resolve(STATE), 1 << 16), Checkpoints::bad);
            if (state.longInteger("step", 0, Integer.MAX_VALUE) != steps
                    || state.longInteger("dataCursor", 0, Long.MAX_VALUE) != cursor(steps)) {
                throw bad("Expected the checkpoint of border " + border + " (step " + steps
                        + "), but its state is of step " + state.longInteger("step", 0, Integer.MAX_VALUE) + ".");
            }
        } catch (JsonReader.Malformed e) {
            throw bad("Expected the checkpoint's '" + STATE + "' to be JSON, but " + e.getMessage() + ".");
        }
        float[] parameters = new float[layout.size()];
        float[] mean = new float[layout.size()];
        float[] square = new float[layout.size()];
        try {
            readTensors(checkpoint, parameters, mean, square);
        } catch (JobFailure e) {
            // a base's file that cannot be read is the builder's fault, this one is the fault of who left it
            throw bad(e.getMessage());
        }
        for (float value : square) {
            if (value < 0) {
                throw bad("Expected the checkpoint's averages of squares to be positive, but one is " + value + ".");
            }
        }
        return new LoraState(parameters, mean, square, steps);
    }

    private void readTensors(Path checkpoint, float[] parameters, float[] mean, float[] square) throws IOException {
        try (SafetensorsFile adapter =
                SafetensorsFile.open(checkpoint.resolve(ADAPTER), "the checkpoint's '" + ADAPTER + "'")) {
            fill(adapter, UnaryOperator.identity(), parameters);
            exactly(adapter, layout.shapes("").keySet(), ADAPTER);
        }
        try (SafetensorsFile optimizer =
                SafetensorsFile.open(checkpoint.resolve(OPTIMIZER), "the checkpoint's '" + OPTIMIZER + "'")) {
            fill(optimizer, name -> MEAN + name, mean);
            fill(optimizer, name -> SQUARE + name, square);
            Set<String> names = new HashSet<>(layout.shapes(MEAN).keySet());
            names.addAll(layout.shapes(SQUARE).keySet());
            exactly(optimizer, names, OPTIMIZER);
        }
    }

    private void fill(SafetensorsFile file, UnaryOperator<String> naming, float[] flat) throws IOException {
        SortedMap<String, List<Integer>> shapes = layout.shapes("");
        for (Map.Entry<String, Integer> slot : layout.offsets().entrySet()) {
            List<Integer> shape = java.util.Objects.requireNonNull(shapes.get(slot.getKey()));
            float[] values = file.floats(naming.apply(slot.getKey()), shape);
            System.arraycopy(values, 0, flat, slot.getValue(), values.length);
        }
    }

    private static void exactly(SafetensorsFile file, Set<String> names, String label) {
        for (String name : file.shapes().keySet()) {
            if (!names.contains(name)) {
                throw bad("Expected the checkpoint's '" + label + "' to hold only this job's adapters, but it has '"
                        + name + "'.");
            }
        }
    }

    private long cursor(int steps) {
        return (long) steps * job.train().rowsPerStep();
    }

    private static JobFailure bad(String message) {
        return JobFailure.data("BAD_CHECKPOINT", message, HINT);
    }
}
