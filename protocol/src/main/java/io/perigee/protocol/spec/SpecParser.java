package io.perigee.protocol.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.message.NumericClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the human form of a job and makes the canonical one: units resolved, names turned into digests, defaults
 * written out. Everything wrong is found in one reading.
 */
public final class SpecParser {
    /** What a reading gives. */
    public sealed interface Result {
        record Valid(JobSpec spec) implements Result {}

        record Invalid(List<Violation> violations) implements Result {
            public Invalid {
                violations = List.copyOf(violations);
            }
        }
    }

    private static final ContentId NO_IMAGE = new ContentId("sha256:" + "0".repeat(64));
    private static final Pattern ARTIFACT_IMAGE =
            Pattern.compile("artifact://(sha256:[0-9a-f]{64})@(sha256:[0-9a-f]{64})");
    private static final Pattern REGISTRY_IMAGE = Pattern.compile("([^@\\s]{1,255})@(sha256:[0-9a-f]{64})");
    /** Stands in for a number of steps that could not be read, so that nothing else is blamed for it. */
    private static final int ANY_STEPS = SpecLimits.BORDERS;

    private final SpecResolver resolver;
    private final List<Violation> found = new ArrayList<>();

    private SpecParser(SpecResolver resolver) {
        this.resolver = resolver;
    }

    public static Result parse(JsonNode human, SpecResolver resolver) {
        return new SpecParser(resolver).read(human);
    }

    private Result read(JsonNode human) {
        if (!human.isObject()) {
            return new Result.Invalid(
                    List.of(new Violation("", "a mapping", "something else", "start with name: my-job")));
        }
        var root = new SpecNode(human, "", found)
                .only(
                        "version",
                        "name",
                        "trainer",
                        "image",
                        "base",
                        "dataset",
                        "method",
                        "train",
                        "segments",
                        "data",
                        "evaluate",
                        "outputs",
                        "resources",
                        "placement",
                        "price",
                        "deadlines",
                        "verification");
        boolean named = root.has("trainer") || !root.has("image");
        if (root.has("trainer") == root.has("image")) {
            root.note(
                    "trainer",
                    "either 'trainer' or 'image'",
                    root.has("image") ? "both" : "neither",
                    "for example trainer: strict");
        }
        var image = named ? trainer(root) : image(root);
        var train = named || root.has("train") ? train(root) : null;
        var data = root.has("data") || train != null && root.has("dataset") ? data(root.object("data")) : null;
        var spec = new JobSpec(
                root.number("version", JobSpec.VERSION),
                required(root, "name", root.text("name", "x"), "for example name: support-bot-lora"),
                named ? root.text("trainer", "x") : "",
                image.id(),
                image.source(),
                content(root, "base", "model://", resolver::model),
                content(root, "dataset", "dataset://", resolver::dataset),
                named || root.has("method") ? method(root.object("method")) : null,
                train,
                train != null && (named || root.has("segments")) ? segments(root.object("segments"), train) : null,
                data,
                root.has("evaluate") || data != null && data.evaluates() ? evaluate(root.object("evaluate")) : null,
                root.has("outputs") || train != null ? outputs(root.object("outputs")) : null,
                resources(root.object("resources")),
                placement(root.object("placement")),
                price(root),
                deadlines(root.object("deadlines")),
                verification(root.object("verification")));
        if (train == null && root.has("segments")) {
            root.note(
                    "segments",
                    "no segments without a train section",
                    "segments",
                    "borders are counted in train.steps");
        }
        return result(spec);
    }

    /** Adds what the rules find, except about what could not even be read. */
    private Result result(JobSpec spec) {
        var blamed = new HashSet<String>();
        found.forEach(violation -> blamed.add(violation.path()));
        SpecRules.check(spec).stream()
                .filter(violation -> !blamed.contains(violation.path()))
                .forEach(found::add);
        return found.isEmpty() ? new Result.Valid(spec) : new Result.Invalid(found);
    }

    private record Image(ContentId id, String source) {}

    private Image trainer(SpecNode root) {
        var name = root.text("trainer", "");
        var trainer = name.isEmpty() ? Optional.<SpecResolver.Trainer>empty() : resolver.trainer(name);
        if (trainer.isEmpty() && !name.isEmpty()) {
            root.note(
                    "trainer",
                    "a trainer this hub offers",
                    "'" + SpecNode.shown(name) + "'",
                    "GET /api/v1/hub lists the trainers");
        }
        return new Image(trainer.map(SpecResolver.Trainer::image).orElse(NO_IMAGE), "trainer");
    }

    private Image image(SpecNode root) {
        return root.form(
                "image",
                text -> {
                    var artifact = ARTIFACT_IMAGE.matcher(text);
                    if (artifact.matches()) {
                        return new Image(ContentId.parse(artifact.group(2)), "artifact:" + artifact.group(1));
                    }
                    var registry = REGISTRY_IMAGE.matcher(text);
                    if (registry.matches()) {
                        return new Image(ContentId.parse(registry.group(2)), "registry:" + registry.group(1));
                    }
                    throw InvalidValue.reading("an image", text, "it names no digest");
                },
                () -> new Image(NO_IMAGE, "registry:unknown/unknown"),
                "an image with its digest",
                "host/repository@sha256:… or artifact://sha256:<archive>@sha256:<config>; tags move and are refused");
    }

    private String content(SpecNode root, String key, String scheme, Function<String, Optional<ContentId>> names) {
        return root.form(
                key,
                text -> {
                    if (!text.startsWith(scheme)) {
                        return ContentId.parse(text).value();
                    }
                    return names.apply(text)
                            .map(ContentId::value)
                            .orElseThrow(
                                    () -> InvalidValue.reading("a reference", text, "nothing of that name is stored"));
                },
                () -> "",
                "'%sname', stored by the hub, or 'sha256:…'".formatted(scheme),
                "upload it first: perigee artifact upload <path>");
    }

    private JobSpec.Method method(SpecNode node) {
        node.only("kind", "r", "alpha", "dropout", "targets");
        var kind = node.choice("kind", MethodKind.LORA, MethodKind.values(), MethodKind::wire);
        if (kind == MethodKind.FULL) {
            for (var key : List.of("r", "alpha", "dropout", "targets")) {
                if (node.has(key)) {
                    node.note(key, "nothing, as kind 'full' has no adapter", key, "remove it, or choose kind lora");
                }
            }
            return JobSpec.Method.FULL;
        }
        return new JobSpec.Method(
                kind,
                node.number("r", 8),
                node.number("alpha", 16),
                node.decimal("dropout", Decimal.ZERO),
                node.texts("targets", List.of("q_proj", "k_proj", "v_proj", "o_proj")));
    }

    private JobSpec.Train train(SpecNode root) {
        var node = root.object("train")
                .only(
                        "steps",
                        "microBatch",
                        "gradAccum",
                        "seqLen",
                        "lr",
                        "scheduler",
                        "warmupSteps",
                        "seed",
                        "dtype",
                        "objective",
                        "lossOn",
                        "dpoBeta",
                        "optimizer",
                        "weightDecay",
                        "maxGradNorm",
                        "packing",
                        "gradCheckpointing");
        var objective = node.choice("objective", Objective.SFT, Objective.values(), Objective::wire);
        return new JobSpec.Train(
                required(node, "steps", node.number("steps", ANY_STEPS), "optimiser steps of the whole job"),
                node.number("microBatch", 4),
                node.number("gradAccum", 1),
                node.number("seqLen", 128),
                node.decimal("lr", new Decimal("0.0002")),
                node.choice("scheduler", Scheduler.COSINE, Scheduler.values(), Scheduler::wire),
                node.number("warmupSteps", 0),
                node.whole("seed", 0),
                node.choice("dtype", Dtype.FLOAT32, Dtype.values(), Dtype::wire),
                objective,
                node.choice("lossOn", LossOn.COMPLETIONS, LossOn.values(), LossOn::wire),
                dpoBeta(node, objective),
                node.choice("optimizer", Optimizer.ADAMW, Optimizer.values(), Optimizer::wire),
                node.decimal("weightDecay", Decimal.ZERO),
                node.decimal("maxGradNorm", Decimal.ZERO),
                node.flag("packing", false),
                node.flag("gradCheckpointing", false));
    }

    private static Decimal dpoBeta(SpecNode node, Objective objective) {
        var beta = node.decimal("dpoBeta", objective == Objective.DPO ? new Decimal("0.1") : Decimal.ZERO);
        if (objective == Objective.SFT && node.has("dpoBeta")) {
            node.note(
                    "dpoBeta", "nothing, as the objective is sft", beta.value(), "remove it, or write objective: dpo");
        }
        return beta;
    }

    private JobSpec.Data data(SpecNode node) {
        node.only("format", "maxBadRows", "heldOut", "evalFile");
        return new JobSpec.Data(
                node.choice("format", DataFormat.AUTO, DataFormat.values(), DataFormat::wire),
                node.number("maxBadRows", 0),
                node.decimal("heldOut", Decimal.ZERO),
                node.text("evalFile", ""));
    }

    private JobSpec.Evaluate evaluate(SpecNode node) {
        node.only("every", "earlyStop");
        return new JobSpec.Evaluate(node.number("every", 1), node.number("earlyStop", 0));
    }

    private JobSpec.Outputs outputs(SpecNode node) {
        node.only("merged", "gguf");
        return new JobSpec.Outputs(
                node.flag("merged", false), node.choices("gguf", GgufFormat.values(), GgufFormat::wire));
    }

    private JobSpec.Segments segments(SpecNode node, JobSpec.Train train) {
        node.only("stepsPerSegment");
        int usual = Math.max(Math.min(train.steps(), 10), Math.ceilDiv(train.steps(), SpecLimits.BORDERS_OF_ANY));
        return new JobSpec.Segments(node.number("stepsPerSegment", Math.max(usual, 1)));
    }

    private JobSpec.Resources resources(SpecNode node) {
        node.only("gpu", "cpu", "memory", "disk");
        var gpu = node.object("gpu").only("count", "vram", "models");
        return new JobSpec.Resources(
                new JobSpec.GpuNeed(
                        gpu.number("count", 0),
                        gpu.form(
                                "vram",
                                Units::atLeastBytes,
                                () -> 0L,
                                "a least size such as \"24GB..\"",
                                "1 GB is 10^9 bytes"),
                        gpu.texts("models", List.of())),
                node.number("cpu", 1),
                size(node, "memory"),
                size(node, "disk"));
    }

    private long size(SpecNode node, String key) {
        return node.form(
                key,
                Units::bytes,
                () -> 1_000_000_000L,
                "a size such as 8GB",
                "use B, KB, MB, GB or TB; 1 GB is 10^9 bytes");
    }

    private JobSpec.Placement placement(SpecNode node) {
        node.only("regions", "minReputation", "excludeOwners", "numericClass");
        var owners = new ArrayList<Address>();
        for (var text : node.texts("excludeOwners", List.of())) {
            try {
                owners.add(Address.parse(text));
            } catch (InvalidValue _) {
                node.note(
                        "excludeOwners",
                        "a list of addresses",
                        "'" + SpecNode.shown(text) + "'",
                        "0x and 40 hex digits");
            }
        }
        var numericClass = node.text("numericClass", "any");
        return new JobSpec.Placement(
                node.texts("regions", List.of()),
                node.decimal("minReputation", Decimal.ZERO),
                owners,
                numericClass.equals("strict") ? NumericClass.STRICT.value() : numericClass);
    }

    private JobSpec.Price price(SpecNode root) {
        var node = root.object("price").only("max");
        var max = node.form(
                "max",
                text -> Amount.ofTokens(text, resolver.tokenDecimals()),
                () -> Amount.of(1),
                "an amount of tokens with at most %d decimals".formatted(resolver.tokenDecimals()),
                "in quotes, for example \"2.50\"; money is text so that no reader rounds it");
        return new JobSpec.Price(required(
                node,
                "max",
                max,
                "the most that the job's runs and audits may be paid together, for example \"2.50\""));
    }

    private JobSpec.Deadlines deadlines(SpecNode node) {
        node.only("queue", "run", "upload");
        return new JobSpec.Deadlines(
                duration(node, "queue", 600), duration(node, "run", 7_200), duration(node, "upload", 900));
    }

    private int duration(SpecNode node, String key, int fallback) {
        return node.form(
                key, Units::seconds, () -> fallback, "a duration such as 10m", "a whole number with s, m, h or d");
    }

    private JobSpec.Verification verification(SpecNode node) {
        node.only("policy", "replicas");
        return new JobSpec.Verification(
                node.choice(
                        "policy", VerificationPolicy.REPLICATE, VerificationPolicy.values(), VerificationPolicy::wire),
                node.number("replicas", 2));
    }

    private static <T extends @Nullable Object> T required(SpecNode node, String key, T value, String hint) {
        if (!node.has(key)) {
            node.note(key, "a value", "nothing", hint);
        }
        return value;
    }
}
