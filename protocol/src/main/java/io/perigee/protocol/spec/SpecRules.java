package io.perigee.protocol.spec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a canonical spec must keep: every range, every rule between fields and what its trainer can do. The hub runs them
 * on whatever it is sent; the parser runs them on what it made of the human form.
 */
public final class SpecRules {
    private static final Pattern NAME = Pattern.compile(SpecLimits.NAME_FORM);
    private static final Pattern REGION = Pattern.compile(SpecLimits.REGION_FORM);
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*){1,8}");
    private static final Pattern MODEL_NAME = Pattern.compile("[\\w .+/()-]{1,64}");
    private static final Decimal ONE = new Decimal("1");
    private static final String STRICT = "strict";

    private final Findings found = new Findings();

    private SpecRules() {}

    /** Everything wrong with a spec; empty when it may be signed. */
    public static List<Violation> check(JobSpec spec) {
        var rules = new SpecRules();
        rules.identity(spec);
        new TrainingRules(rules.found).check(spec);
        TrainerAbilities.check(spec, rules.found);
        rules.resources(spec.resources());
        rules.placement(spec.placement());
        rules.numericClass(spec);
        rules.terms(spec);
        return rules.found.all();
    }

    private void identity(JobSpec spec) {
        found.range("version", spec.version(), JobSpec.VERSION, JobSpec.VERSION, "this release knows version 1 only");
        found.form(
                "name",
                spec.name(),
                NAME,
                "1 to 63 letters, digits, '.', '_' or '-', starting with a letter or digit",
                "for example support-bot-lora");
        found.content("base", spec.base());
        found.content("dataset", spec.dataset());
        if (spec.trainer().isEmpty()) {
            imageSource(spec.imageSource());
            return;
        }
        found.form("trainer", spec.trainer(), NAME, "the name of a trainer", "GET /api/v1/hub lists the trainers");
        found.require(
                "imageSource",
                spec.imageSource().equals("trainer"),
                "trainer",
                spec.imageSource(),
                "a named trainer brings its image");
        found.require(
                "base",
                !spec.base().isEmpty(),
                "a base model",
                "nothing",
                "write model://name, sha256:… or a local ./directory");
        found.require(
                "dataset",
                !spec.dataset().isEmpty(),
                "a dataset",
                "nothing",
                "write dataset://name, sha256:… or a local ./file.jsonl");
        found.require("method", spec.method() != null, "a method", "nothing", "write method: {kind: lora}");
        found.require("train", spec.train() != null, "a train section", "nothing", "write train: {steps: 100}");
        found.require(
                "segments",
                spec.segments() != null,
                "a segments section",
                "nothing",
                "write segments: {stepsPerSegment: 10}");
    }

    private void imageSource(String source) {
        boolean fits = source.startsWith("artifact:") && Findings.isContent(source.substring("artifact:".length()))
                || source.startsWith("registry:")
                        && REPOSITORY
                                .matcher(source.substring("registry:".length()))
                                .matches();
        found.require(
                "imageSource",
                fits,
                "'artifact:sha256:…' or 'registry:host/repository'",
                source,
                "an image is uploaded as a docker-archive or comes by a registry");
    }

    private void resources(JobSpec.Resources resources) {
        found.range("resources.cpu", resources.cpu(), 1, SpecLimits.CPUS, "logical processors");
        found.range(
                "resources.memory", resources.memory(), SpecLimits.MEMORY_MIN, SpecLimits.MEMORY, "for example 8GB");
        found.range("resources.disk", resources.disk(), SpecLimits.DISK_MIN, SpecLimits.DISK, "for example 20GB");
        var gpu = resources.gpu();
        found.range("resources.gpu.count", gpu.count(), 0, SpecLimits.GPUS, "0 when the job runs on processors alone");
        found.range("resources.gpu.vram", gpu.vramMin(), 0, SpecLimits.MEMORY, "for example \"24GB..\"");
        found.each(
                "resources.gpu.models",
                gpu.models(),
                0,
                SpecLimits.MODELS,
                "leave it empty when any model will do",
                MODEL_NAME,
                "a model name such as RTX 4090");
        found.require(
                "resources.gpu",
                gpu.count() > 0 || gpu.vramMin() == 0 && gpu.models().isEmpty(),
                "no vram and no models when count is 0",
                "some",
                "write count: 1");
    }

    private void placement(JobSpec.Placement placement) {
        found.each(
                "placement.regions",
                placement.regions(),
                0,
                SpecLimits.REGIONS,
                "leave it empty for any region",
                REGION,
                "a region such as eu-west");
        found.size(
                "placement.excludeOwners",
                placement.excludeOwners().size(),
                0,
                SpecLimits.OWNERS,
                "owners you do not want");
        found.decimal("placement.minReputation", placement.minReputation(), Decimal.ZERO, ONE, true, "0 asks for none");
    }

    /** A class says whose bits a result must have: only the image that a trainer brings vouches for them. */
    private void numericClass(JobSpec spec) {
        String path = "placement.numericClass";
        String named = spec.placement().numericClass();
        Optional<Digest> demanded;
        try {
            demanded = spec.placement().demandedClass();
        } catch (InvalidValue _) {
            found.require(path, false, "'any', 'strict' or a class's digest", named, "'any' is usual");
            return;
        }
        if (demanded.isEmpty()) {
            return;
        }
        boolean strict = spec.trainer().equals(STRICT);
        found.require(
                path,
                !spec.trainer().isEmpty() && strict == demanded.get().equals(NumericClass.STRICT),
                spec.trainer().isEmpty()
                        ? "'any' for an image of your own"
                        : strict ? "'any' or 'strict'" : "'any' or a class of the trainer's image",
                named,
                "strict is the class of trainer strict alone");
    }

    private void terms(JobSpec spec) {
        var max = spec.price().max();
        found.require(
                "price.max",
                !max.isZero() && max.value().bitLength() <= SpecLimits.PRICE_BITS,
                "an amount above 0 and below 2^128",
                max.toString(),
                "the most that the job's runs and audits may be paid together, for example \"2.50\"");
        found.range(
                "deadlines.queue",
                spec.deadlines().queue(),
                SpecLimits.DEADLINE_MIN,
                SpecLimits.QUEUE,
                "for example 10m");
        found.range("deadlines.run", spec.deadlines().run(), SpecLimits.DEADLINE_MIN, SpecLimits.RUN, "for example 2h");
        found.range(
                "deadlines.upload",
                spec.deadlines().upload(),
                SpecLimits.DEADLINE_MIN,
                SpecLimits.UPLOAD,
                "for example 15m");
        var policy = spec.verification().policy();
        found.require(
                "verification.policy",
                policy == VerificationPolicy.REPLICATE || !spec.trainer().isEmpty(),
                "'replicate' for an image of your own",
                policy.wire(),
                "only the trainers keep segments that can be run again by themselves");
        found.range(
                "verification.replicas",
                spec.verification().replicas(),
                SpecLimits.REPLICAS_MIN,
                SpecLimits.REPLICAS,
                "2 is usual");
    }
}
