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
                        "dpoBeta",
                        "dtype",
                        "gradAccum",
                        "gradCheckpointing",
                        "lossOn",
                        "lr",
                        "maxGradNorm",
                        "microBatch",
                        "objective",
                        "optimizer",
                        "packing",
                        "scheduler",
                        "seed",
                        "seqLen",
                        "steps",
                        "warmupSteps",
                        "weightDecay")));
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
        extras(spec);
        return new TrainingJob(
                spec.has("base") ? spec.text("base") : "",
                method,
                train,
                form(spec),
                perSegment,
                Math.max(1, cpus),
                memory);
    }

    private static RowForm form(JsonFields spec) {
        if (!spec.has("data")) {
            return RowForm.ANY;
        }
        JsonFields data = spec.object("data").only(Set.of("evalFile", "format", "heldOut", "maxBadRows"));
        same(data, "evalFile", "");
        zero(data, "heldOut");
        zero(data, "maxBadRows");
        String name = data.has("format") ? data.text("format") : RowForm.ANY.wire();
        return RowForm.named(name)
                .orElseThrow(() -> bad("Expected 'data.format' to be one of auto, prompt, messages, text, but it is \""
                        + name + "\"."));
    }

    /** What an order may ask for besides training and this trainer does not do. */
    private static void extras(JsonFields spec) {
        if (spec.has("evaluate")) {
            throw bad("Expected no 'evaluate' section, as this trainer holds no rows out, but there is one.");
        }
        if (!spec.has("outputs")) {
            return;
        }
        JsonFields outputs = spec.object("outputs").only(Set.of("gguf", "merged"));
        off(outputs, "merged");
        if (outputs.has("gguf") && !outputs.texts("gguf").isEmpty()) {
            throw bad("Expected 'outputs.gguf' to be empty, as this trainer writes adapters only, but it is "
                    + outputs.texts("gguf") + ".");
        }
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
        same(train, "dtype", "float32");
        same(train, "objective", "sft");
        same(train, "lossOn", "completions");
        same(train, "optimizer", "adamw");
        zero(train, "dpoBeta");
        zero(train, "weightDecay");
        zero(train, "maxGradNorm");
        off(train, "packing");
        off(train, "gradCheckpointing");
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

    private static void same(JsonFields fields, String name, String only) {
        if (fields.has(name) && !fields.text(name).equals(only)) {
            throw bad("Expected '" + fields.at(name) + "' to be \"" + only
                    + "\", all that this trainer does, but it is \"" + fields.text(name) + "\".");
        }
    }

    private static void zero(JsonFields fields, String name) {
        if (fields.has(name) && fields.decimal(name, 0, Long.MAX_VALUE) != 0) {
            throw bad("Expected '" + fields.at(name) + "' to be 0, all that this trainer does, but it is more.");
        }
    }

    private static void off(JsonFields fields, String name) {
        if (fields.flag(name, false)) {
            throw bad("Expected '" + fields.at(name) + "' to be false, all that this trainer does, but it is true.");
        }
    }

    private static JobFailure bad(String message) {
        return JobFailure.spec("BAD_SPEC", message, HINT);
    }
}
