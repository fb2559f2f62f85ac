package io.perigee.trainers.strict.job;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.TrainingJob.Method;
import io.perigee.trainers.strict.job.TrainingJob.Train;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads {@code job.json}; an order this trainer would not carry out to the letter is refused before any work. */
public final class JobReader {
    private static final long LIMIT = 256 << 10;
    private static final String HINT =
            "Correct the job file and submit it again; trainers/strict/README.md lists what this trainer takes.";

    private JobReader() {}

    /** Reads and checks the spec. */
    public static TrainingJob read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw bad("Expected the job at '" + file + "', but there is no such file.");
        }
        try {
            return job(new JsonFields("", JsonReader.read(file, LIMIT), JobReader::bad));
        } catch (JsonReader.Malformed e) {
            throw bad("Expected '" + file.getFileName() + "' to be JSON, but " + e.getMessage() + ".");
        }
    }

    private static TrainingJob job(JsonFields spec) {
        spec.integer("version", 1, 1);
        Train train = train(spec.object("train")
                .only(Set.of(
                        "dtype",
                        "gradAccum",
                        "lr",
                        "microBatch",
                        "scheduler",
                        "seed",
                        "seqLen",
                        "steps",
                        "warmupSteps")));
        Method method = method(spec.object("method").only(Set.of("alpha", "dropout", "kind", "r", "targets")));
        int perSegment = spec.has("segments")
                ? spec.object("segments").only(Set.of("stepsPerSegment")).integer("stepsPerSegment", 1, 1_000_000)
                : train.steps();
        int cpus = spec.has("resources") && spec.object("resources").has("cpu")
                ? (int) spec.object("resources").decimal("cpu", 0.01, 4096)
                : 1;
        long memory = spec.has("resources") && spec.object("resources").has("memory")
                ? spec.object("resources").longInteger("memory", 0, Long.MAX_VALUE)
                : 0;
        return new TrainingJob(
                spec.has("base") ? spec.text("base") : "", method, train, perSegment, Math.max(1, cpus), memory);
    }

    private static Method method(JsonFields method) {
        if (!method.text("kind").equals("lora")) {
            throw bad("Expected 'method.kind' to be \"lora\", but it is \"" + method.text("kind") + "\".");
        }
        List<Target> targets = new ArrayList<>();
        for (String name : method.texts("targets")) {
            Target target = Target.named(name)
                    .orElseThrow(() -> bad(
                            "Expected 'method.targets' to name projections of a Llama layer (q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj), but it names '"
                                    + name + "'."));
            if (targets.contains(target)) {
                throw bad("Expected 'method.targets' to name each projection once, but '" + name + "' is there twice.");
            }
            targets.add(target);
        }
        if (targets.isEmpty()) {
            throw bad("Expected 'method.targets' to name at least one projection, but it is empty.");
        }
        targets.sort(null);
        double alpha = method.decimal("alpha", 1e-6, 65536);
        return new Method(
                method.integer("r", 1, 512),
                alpha,
                method.has("dropout") ? method.decimal("dropout", 0, 0.95) : 0,
                targets);
    }

    private static Train train(JsonFields train) {
        if (train.has("dtype") && !train.text("dtype").equals("float32")) {
            throw bad("Expected 'train.dtype' to be \"float32\", the one this trainer computes in, but it is \""
                    + train.text("dtype") + "\".");
        }
        int steps = train.integer("steps", 1, 1_000_000);
        Train result = new Train(
                steps,
                train.integer("microBatch", 1, 4096),
                train.has("gradAccum") ? train.integer("gradAccum", 1, 4096) : 1,
                train.integer("seqLen", 2, 32768),
                train.decimal("lr", 0, 10),
                scheduler(train.has("scheduler") ? train.text("scheduler") : "constant"),
                train.has("warmupSteps") ? train.integer("warmupSteps", 0, steps) : 0,
                train.longInteger("seed", 0, (1L << 53) - 1));
        if ((long) result.microBatch() * result.gradAccum() > 65536) {
            throw bad("Expected 'train.microBatch' times 'train.gradAccum' to be at most 65536, but it is "
                    + (long) result.microBatch() * result.gradAccum() + ".");
        }
        return result;
    }

    private static Scheduler scheduler(String name) {
        for (Scheduler scheduler : Scheduler.values()) {
            if (scheduler.name().toLowerCase(Locale.ROOT).equals(name)) {
                return scheduler;
            }
        }
        throw bad("Expected 'train.scheduler' to be one of cosine, linear, constant, but it is \"" + name + "\".");
    }

    private static JobFailure bad(String message) {
        return JobFailure.spec("BAD_SPEC", message, HINT);
    }
}
