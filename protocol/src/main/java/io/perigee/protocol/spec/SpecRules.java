package io.perigee.protocol.spec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a canonical spec must keep: every range and every rule between fields. The hub runs them on whatever it is sent;
 * the parser runs them on what it made of the human form.
 */
public final class SpecRules {
    private static final Pattern NAME = Pattern.compile(SpecLimits.NAME_FORM);
    private static final Pattern TARGET = Pattern.compile(SpecLimits.TARGET_FORM);
    private static final Pattern REGION = Pattern.compile(SpecLimits.REGION_FORM);
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*){1,8}");
    private static final Pattern MODEL_NAME = Pattern.compile("[\\w .+/()-]{1,64}");
    private static final Decimal ONE = new Decimal("1");

    private final List<Violation> found = new ArrayList<>();

    private SpecRules() {}

    /** Everything wrong with a spec; empty when it may be signed. */
    public static List<Violation> check(JobSpec spec) {
        var rules = new SpecRules();
        rules.identity(spec);
        rules.training(spec);
        rules.resources(spec.resources());
        rules.placement(spec.placement());
        rules.terms(spec);
        return List.copyOf(rules.found);
    }

    private void identity(JobSpec spec) {
        range("version", spec.version(), JobSpec.VERSION, JobSpec.VERSION, "this release knows version 1 only");
        form(
                "name",
                spec.name(),
                NAME,
                "1 to 63 letters, digits, '.', '_' or '-', starting with a letter or digit",
                "for example support-bot-lora");
        content("base", spec.base());
        content("dataset", spec.dataset());
        if (spec.trainer().isEmpty()) {
            imageSource(spec.imageSource());
            return;
        }
        form("trainer", spec.trainer(), NAME, "the name of a trainer", "GET /api/v1/hub lists the trainers");
        require(
                "imageSource",
                spec.imageSource().equals("trainer"),
                "trainer",
                spec.imageSource(),
                "a named trainer brings its image");
        require(
                "base",
                !spec.base().isEmpty(),
                "a base model",
                "nothing",
                "write model://name, sha256:… or a local ./directory");
        require(
                "dataset",
                !spec.dataset().isEmpty(),
                "a dataset",
                "nothing",
                "write dataset://name, sha256:… or a local ./file.jsonl");
        require("method", spec.method() != null, "a method", "nothing", "write method: {kind: lora}");
        require("train", spec.train() != null, "a train section", "nothing", "write train: {steps: 100}");
        require(
                "segments",
                spec.segments() != null,
                "a segments section",
                "nothing",
                "write segments: {stepsPerSegment: 10}");
    }

    private void imageSource(String source) {
        boolean fits = source.startsWith("artifact:") && isContent(source.substring("artifact:".length()))
                || source.startsWith("registry:")
                        && REPOSITORY
                                .matcher(source.substring("registry:".length()))
                                .matches();
        require(
                "imageSource",
                fits,
                "'artifact:sha256:…' or 'registry:host/repository'",
                source,
                "an image is uploaded as a docker-archive or comes by a registry");
    }

    private void training(JobSpec spec) {
        var method = spec.method();
        if (method != null) {
            require(
                    "method.kind",
                    method.kind().equals("lora"),
                    "'lora'",
                    method.kind(),
                    "lora is the one method of this release");
            range("method.r", method.r(), 1, SpecLimits.RANK, "8 or 16 is usual");
            range("method.alpha", method.alpha(), 1, SpecLimits.ALPHA, "twice r is usual");
            decimal("method.dropout", method.dropout(), Decimal.ZERO, ONE, false, "0.0 switches it off");
            size("method.targets", method.targets().size(), 1, SpecLimits.TARGETS, "for example [q_proj, v_proj]");
            each("method.targets", method.targets(), TARGET, "a module name such as q_proj");
        }
        var train = spec.train();
        if (train != null) {
            range("train.steps", train.steps(), 1, SpecLimits.STEPS, "optimiser steps of the whole job");
            range("train.microBatch", train.microBatch(), 1, SpecLimits.BATCH, "sequences per forward pass");
            range("train.gradAccum", train.gradAccum(), 1, SpecLimits.BATCH, "1 switches accumulation off");
            range("train.seqLen", train.seqLen(), SpecLimits.SEQ_LEN_MIN, SpecLimits.SEQ_LEN, "tokens per sequence");
            require(
                    "train.lr",
                    train.lr().compareTo(Decimal.ZERO) > 0 && train.lr().compareTo(ONE) <= 0,
                    "a decimal above 0, at most 1",
                    train.lr().value(),
                    "\"2e-4\" is usual for LoRA");
            range("train.warmupSteps", train.warmupSteps(), 0, Math.max(train.steps(), 0), "at most as many as steps");
            range("train.seed", train.seed(), 0, SpecLimits.SEED, "any number; the same seed gives the same result");
            units(train);
        }
        segments(spec);
    }

    private void units(JobSpec.Train train) {
        double units = (double) train.steps() * train.microBatch() * train.gradAccum() * train.seqLen();
        require(
                "train",
                units <= SpecLimits.UNITS,
                "at most 10^15 tokens in all",
                "more",
                "steps · microBatch · gradAccum · seqLen");
    }

    private void segments(JobSpec spec) {
        if (spec.segments() == null) {
            return;
        }
        var train = spec.train();
        if (train == null) {
            require(
                    "segments",
                    false,
                    "no segments without a train section",
                    "segments",
                    "borders are counted in train.steps");
            return;
        }
        int per = spec.segments().stepsPerSegment();
        range("segments.stepsPerSegment", per, 1, Math.max(train.steps(), 1), "at most as many as train.steps");
        if (per >= 1 && train.steps() >= 1) {
            require(
                    "segments.stepsPerSegment",
                    spec.borders() <= SpecLimits.BORDERS,
                    "at most %d borders".formatted(SpecLimits.BORDERS),
                    spec.borders() + " borders",
                    "make segments longer");
        }
    }

    private void resources(JobSpec.Resources resources) {
        range("resources.cpu", resources.cpu(), 1, SpecLimits.CPUS, "logical processors");
        range("resources.memory", resources.memory(), SpecLimits.MEMORY_MIN, SpecLimits.MEMORY, "for example 8GB");
        range("resources.disk", resources.disk(), SpecLimits.DISK_MIN, SpecLimits.DISK, "for example 20GB");
        var gpu = resources.gpu();
        range("resources.gpu.count", gpu.count(), 0, SpecLimits.GPUS, "0 when the job runs on processors alone");
        range("resources.gpu.vram", gpu.vramMin(), 0, SpecLimits.MEMORY, "for example \"24GB..\"");
        size(
                "resources.gpu.models",
                gpu.models().size(),
                0,
                SpecLimits.MODELS,
                "leave it empty when any model will do");
        each("resources.gpu.models", gpu.models(), MODEL_NAME, "a model name such as RTX 4090");
        require(
                "resources.gpu",
                gpu.count() > 0 || gpu.vramMin() == 0 && gpu.models().isEmpty(),
                "no vram and no models when count is 0",
                "some",
                "write count: 1");
    }

    private void placement(JobSpec.Placement placement) {
        size("placement.regions", placement.regions().size(), 0, SpecLimits.REGIONS, "leave it empty for any region");
        each("placement.regions", placement.regions(), REGION, "a region such as eu-west");
        size(
                "placement.excludeOwners",
                placement.excludeOwners().size(),
                0,
                SpecLimits.OWNERS,
                "owners you do not want");
        decimal("placement.minReputation", placement.minReputation(), Decimal.ZERO, ONE, true, "0 asks for none");
        boolean known = placement.numericClass().equals("any");
        if (!known) {
            try {
                placement.demandedClass();
                known = true;
            } catch (InvalidValue _) {
                known = false;
            }
        }
        require(
                "placement.numericClass",
                known,
                "'any', 'strict' or a class's digest",
                placement.numericClass(),
                "'any' is usual");
    }

    private void terms(JobSpec spec) {
        var max = spec.price().max();
        require(
                "price.max",
                !max.isZero() && max.value().bitLength() <= SpecLimits.PRICE_BITS,
                "an amount above 0 and below 2^128",
                max.toString(),
                "the most the job may ever cost, for example \"2.50\"");
        range(
                "deadlines.queue",
                spec.deadlines().queue(),
                SpecLimits.DEADLINE_MIN,
                SpecLimits.QUEUE,
                "for example 10m");
        range("deadlines.run", spec.deadlines().run(), SpecLimits.DEADLINE_MIN, SpecLimits.RUN, "for example 2h");
        range(
                "deadlines.upload",
                spec.deadlines().upload(),
                SpecLimits.DEADLINE_MIN,
                SpecLimits.UPLOAD,
                "for example 15m");
        var policy = spec.verification().policy();
        require(
                "verification.policy",
                policy == VerificationPolicy.REPLICATE,
                "'replicate'",
                policy.wire(),
                "audit and full-audit come with a later release");
        range(
                "verification.replicas",
                spec.verification().replicas(),
                SpecLimits.REPLICAS_MIN,
                SpecLimits.REPLICAS,
                "2 is usual");
    }

    private void content(String path, String value) {
        require(
                path,
                value.isEmpty() || isContent(value),
                "a content id 'sha256:…'",
                value,
                "64 lower-case hex digits");
    }

    private static boolean isContent(String value) {
        try {
            ContentId.parse(value);
            return true;
        } catch (InvalidValue _) {
            return false;
        }
    }

    private void range(String path, long value, long low, long high, String hint) {
        require(
                path,
                value >= low && value <= high,
                "a whole number from %d to %d".formatted(low, high),
                Long.toString(value),
                hint);
    }

    private void size(String path, int size, int low, int high, String hint) {
        require(path, size >= low && size <= high, "%d to %d entries".formatted(low, high), size + " entries", hint);
    }

    private void decimal(String path, Decimal value, Decimal low, Decimal high, boolean closed, String hint) {
        int top = value.compareTo(high);
        require(
                path,
                value.compareTo(low) >= 0 && (top < 0 || closed && top == 0),
                "a decimal from %s to %s%s".formatted(low, high, closed ? "" : ", without the latter"),
                value.value(),
                hint);
    }

    private void form(String path, String value, Pattern form, String expected, String hint) {
        require(path, form.matcher(value).matches(), expected, value, hint);
    }

    private void each(String path, List<String> values, Pattern form, String expected) {
        var seen = new HashSet<String>();
        for (int i = 0; i < values.size(); i++) {
            var value = values.get(i);
            require(path + "[" + i + "]", form.matcher(value).matches(), expected, value, "check the spelling");
            require(path + "[" + i + "]", seen.add(value), "each entry once", value, "remove the second one");
        }
    }

    private void require(String path, boolean holds, String expected, String actual, String hint) {
        if (!holds) {
            found.add(new Violation(path, expected, SpecNode.shown(actual), hint));
        }
    }
}
