package io.perigee.protocol.spec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (2020-12) of the human and of the canonical form, for editors and other languages. Its numbers are
 * {@link SpecLimits}; the files beside this class are its output, and a test keeps them so. What a schema cannot say
 * (references that resolve, rules between fields) {@link SpecRules} says.
 */
public final class SpecSchema {
    public static final String HUMAN_RESOURCE = "job.schema.json";
    public static final String CANONICAL_RESOURCE = "job-canonical.schema.json";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String CONTENT = "^(sha256:[0-9a-f]{64})?$";
    private static final String DECIMAL_TEXT = "^-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$";
    private static final Set<String> OPTIONAL = Set.of("method", "train", "segments", "data", "evaluate", "outputs");
    private static final String ADDRESS = "^0x[0-9a-fA-F]{40}$";

    private final boolean human;

    private SpecSchema(boolean human) {
        this.human = human;
    }

    /** What a builder writes. */
    public static ObjectNode human() {
        return new SpecSchema(true).root("Perigee job", "A fine-tuning job as a builder writes it.");
    }

    /** What is hashed and signed. */
    public static ObjectNode canonical() {
        return new SpecSchema(false).root("Perigee job, canonical", "A job with everything implicit resolved.");
    }

    private ObjectNode root(String title, String description) {
        var schema = NODES.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", title)
                .put("description", description);
        schema.setAll(
                object(
                        required("name", "price"),
                        field("version", integer(JobSpec.VERSION, JobSpec.VERSION, "version of this form")),
                        field("name", text("^" + SpecLimits.NAME_FORM + "$", "the job's name")),
                        field(
                                "trainer",
                                text(
                                        human ? "^" + SpecLimits.NAME_FORM + "$" : "^(" + SpecLimits.NAME_FORM + ")?$",
                                        "a trainer the hub offers; or write image")),
                        field(
                                "image",
                                text(
                                        human ? "^.{1,400}$" : CONTENT,
                                        "host/repository@sha256:… or artifact://sha256:<archive>@sha256:<config>")),
                        field(
                                "imageSource",
                                human
                                        ? null
                                        : text(
                                                "^(trainer|artifact:sha256:[0-9a-f]{64}|registry:.+)$",
                                                "where the image comes from")),
                        field("base", text(human ? "^(model://.+|sha256:[0-9a-f]{64})$" : CONTENT, "the base model")),
                        field(
                                "dataset",
                                text(human ? "^(dataset://.+|sha256:[0-9a-f]{64})$" : CONTENT, "the training data")),
                        field("method", method()),
                        field("train", train()),
                        field(
                                "segments",
                                object(
                                        required(),
                                        field(
                                                "stepsPerSegment",
                                                integer(1, SpecLimits.STEPS, "steps between borders")))),
                        field("data", data()),
                        field("evaluate", evaluate()),
                        field("outputs", outputs()),
                        field("resources", resources()),
                        field("placement", placement()),
                        field("price", object(required("max"), field("max", price()))),
                        field(
                                "deadlines",
                                object(
                                        required(),
                                        field(
                                                "queue",
                                                duration(SpecLimits.QUEUE, "how long it may wait for a provider")),
                                        field("run", duration(SpecLimits.RUN, "how long one run may take")),
                                        field(
                                                "upload",
                                                duration(
                                                        SpecLimits.UPLOAD,
                                                        "how long uploading the results may take")))),
                        field(
                                "verification",
                                object(
                                        required(),
                                        field(
                                                "policy",
                                                choice(
                                                        VerificationPolicy.values(),
                                                        VerificationPolicy::wire,
                                                        "how work is proven")),
                                        field(
                                                "replicas",
                                                integer(
                                                        SpecLimits.REPLICAS_MIN,
                                                        SpecLimits.REPLICAS,
                                                        "how many providers run it; more than half of them must agree, as many auditors look at a run"))))));
        return schema;
    }

    private ObjectNode method() {
        int least = human ? 1 : 0;
        return object(
                required(),
                field("kind", choice(MethodKind.values(), MethodKind::wire, "what is trained; full has no adapter")),
                field("r", integer(least, SpecLimits.RANK, "rank; 0 with full")),
                field("alpha", integer(least, SpecLimits.ALPHA, "scale, divided by r; 0 with full")),
                field("dropout", decimal("share of inputs dropped, below 1")),
                field(
                        "targets",
                        array(
                                text("^" + SpecLimits.TARGET_FORM + "$", "a module"),
                                least,
                                SpecLimits.TARGETS,
                                "the adapted modules; none with full")));
    }

    private ObjectNode train() {
        return object(
                required("steps"),
                field("steps", integer(1, SpecLimits.STEPS, "optimiser steps")),
                field("microBatch", integer(1, SpecLimits.BATCH, "sequences per forward pass")),
                field("gradAccum", integer(1, SpecLimits.BATCH, "forward passes per step")),
                field("seqLen", integer(SpecLimits.SEQ_LEN_MIN, SpecLimits.SEQ_LEN, "tokens per sequence")),
                field("lr", decimal("learning rate, above 0, at most 1")),
                field("scheduler", choice(Scheduler.values(), Scheduler::wire, "how the learning rate moves")),
                field("warmupSteps", integer(0, SpecLimits.STEPS, "at most as many as steps")),
                field("seed", integer(0, SpecLimits.SEED, "the same seed gives the same result")),
                field("dtype", choice(Dtype.values(), Dtype::wire, "number format")),
                field("objective", choice(Objective.values(), Objective::wire, "likelihood, or preference pairs")),
                field("lossOn", choice(LossOn.values(), LossOn::wire, "the tokens that are learned")),
                field("dpoBeta", decimal("how strongly the reference holds back; only with dpo, 0 without")),
                field("optimizer", choice(Optimizer.values(), Optimizer::wire, "what turns gradients into steps")),
                field("weightDecay", decimal("0 to 1; 0 is none")),
                field("maxGradNorm", decimal("gradients are clipped to this norm; 0 does not clip")),
                field("packing", flag("several rows share a sequence, each blind to the others")),
                field("gradCheckpointing", flag("compute activations again instead of keeping them")));
    }

    private ObjectNode data() {
        return object(
                required(),
                field("format", choice(DataFormat.values(), DataFormat::wire, "auto looks at the first rows")),
                field("maxBadRows", integer(0, SpecLimits.BAD_ROWS, "unreadable rows that are left out")),
                field("heldOut", decimal("share of the rows evaluated on, 0 to 0.5")),
                field("evalFile", text("^.{0,512}$", "a file of the dataset to evaluate on; empty for none")));
    }

    private ObjectNode evaluate() {
        return object(
                required(),
                field("every", integer(1, SpecLimits.BORDERS, "segments between evaluations")),
                field(
                        "earlyStop",
                        integer(0, SpecLimits.EARLY_STOP, "evaluations without a lower loss; 0 never stops")));
    }

    private ObjectNode outputs() {
        return object(
                required(),
                field("merged", flag("the base with the adapter merged in")),
                field(
                        "gguf",
                        array(
                                choice(GgufFormat.values(), GgufFormat::wire, "a quantised form"),
                                0,
                                GgufFormat.values().length,
                                "the merged model in these forms")));
    }

    private ObjectNode resources() {
        var models =
                array(text("^.{1,64}$", "a model name"), 0, SpecLimits.MODELS, "accepted GPU models; empty for any");
        return object(
                required(),
                field(
                        "gpu",
                        object(
                                required(),
                                field("count", integer(0, SpecLimits.GPUS, "GPUs of one provider")),
                                field(
                                        "vram",
                                        human
                                                ? text(
                                                        "^[0-9.]+ ?(B|KB|MB|GB|TB)\\.\\.$",
                                                        "least memory of each, such as 24GB..")
                                                : null),
                                field("vramMin", human ? null : integer(0, SpecLimits.MEMORY, "bytes")),
                                field("models", models))),
                field("cpu", integer(1, SpecLimits.CPUS, "logical processors")),
                field("memory", size(SpecLimits.MEMORY_MIN, SpecLimits.MEMORY, "memory of one run")),
                field("disk", size(SpecLimits.DISK_MIN, SpecLimits.DISK, "scratch space of one run")));
    }

    private ObjectNode placement() {
        return object(
                required(),
                field(
                        "regions",
                        array(
                                text("^" + SpecLimits.REGION_FORM + "$", "a region"),
                                0,
                                SpecLimits.REGIONS,
                                "empty for any")),
                field("minReputation", decimal("0 to 1")),
                field(
                        "excludeOwners",
                        array(text(ADDRESS, "an owner"), 0, SpecLimits.OWNERS, "owners that may not run it")),
                field(
                        "numericClass",
                        text(human ? "^(any|strict|0x[0-9a-f]{64})$" : "^(any|0x[0-9a-f]{64})$", "any, or one class")));
    }

    private ObjectNode price() {
        return human
                ? text(
                        "^[0-9]{1,60}(\\.[0-9]{1,30})?$",
                        "the most that the job's runs and audits are paid together, in tokens, in quotes")
                : text(
                        "^[1-9][0-9]{0,38}$",
                        "the most that the job's runs and audits are paid together, in the token's smallest unit");
    }

    private ObjectNode size(long low, long high, String description) {
        return human
                ? text("^[0-9]{1,9}(\\.[0-9]{1,9})? ?(B|KB|MB|GB|TB)$", description + "; 1 GB is 10^9 bytes")
                : integer(low, high, description + ", in bytes");
    }

    private ObjectNode duration(int high, String description) {
        return human
                ? text("^[0-9]{1,9}[smhd]$", description + ", such as 10m")
                : integer(SpecLimits.DEADLINE_MIN, high, description + ", in seconds");
    }

    private ObjectNode decimal(String description) {
        var schema = text(DECIMAL_TEXT, description);
        if (human) {
            schema.putArray("type").add("string").add("number");
        }
        return schema;
    }

    private record Field(String name, @Nullable ObjectNode schema) {}

    /** A field of one form only has no schema in the other. */
    private static Field field(String name, @Nullable ObjectNode schema) {
        return new Field(name, schema);
    }

    private static List<String> required(String... names) {
        return List.of(names);
    }

    /** In the canonical form everything is required except the sections an image job may lack. */
    private ObjectNode object(List<String> required, Field... fields) {
        var schema = NODES.objectNode().put("type", "object").put("additionalProperties", false);
        var properties = NODES.objectNode();
        var names = NODES.arrayNode();
        for (var field : fields) {
            if (field.schema() == null) {
                continue;
            }
            properties.set(field.name(), field.schema());
            if (human ? required.contains(field.name()) : !OPTIONAL.contains(field.name())) {
                names.add(field.name());
            }
        }
        if (!names.isEmpty()) {
            schema.set("required", names);
        }
        schema.set("properties", properties);
        return schema;
    }

    private static ObjectNode text(String pattern, String description) {
        return NODES.objectNode().put("type", "string").put("pattern", pattern).put("description", description);
    }

    private static ObjectNode integer(long low, long high, String description) {
        return NODES.objectNode()
                .put("type", "integer")
                .put("minimum", low)
                .put("maximum", high)
                .put("description", description);
    }

    private static ObjectNode flag(String description) {
        return NODES.objectNode().put("type", "boolean").put("description", description);
    }

    private static <E extends Enum<E>> ObjectNode choice(E[] values, Function<E, String> wire, String description) {
        var schema = NODES.objectNode();
        var array = schema.putArray("enum");
        Stream.of(values).map(wire).forEach(array::add);
        return schema.put("description", description);
    }

    private static ObjectNode array(ObjectNode items, int low, int high, String description) {
        var schema = NODES.objectNode()
                .put("type", "array")
                .put("minItems", low)
                .put("maxItems", high)
                .put("uniqueItems", true);
        schema.set("items", items);
        return schema.put("description", description);
    }
}
