package io.perigee.protocol.spec;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The canonical spec of a job: nothing implicit is left, every unit is resolved, and its canonical bytes are what the
 * builder's order names by {@link SpecHash}.
 *
 * @param version the version of this form, 1
 * @param trainer the shipped trainer's name; empty for an image of the builder's own
 * @param image digest of the OCI image config
 * @param imageSource "trainer", "artifact:sha256:…" (a docker-archive) or "registry:repository"
 * @param base content id of the base model's manifest; empty when the job has none
 * @param dataset content id of the dataset's manifest; empty when the job has none
 * @param segments null for all or nothing
 * @param data null exactly when there is no train section or no dataset
 * @param evaluate null exactly when the data names no rows to evaluate on
 * @param outputs null exactly when there is no train section
 */
public record JobSpec(
        int version,
        String name,
        String trainer,
        ContentId image,
        String imageSource,
        String base,
        String dataset,
        @Nullable Method method,
        @Nullable Train train,
        @Nullable Segments segments,
        @Nullable Data data,
        @Nullable Evaluate evaluate,
        @Nullable Outputs outputs,
        Resources resources,
        Placement placement,
        Price price,
        Deadlines deadlines,
        Verification verification) {
    public static final int VERSION = 1;

    /** What is trained of the base; {@code full} has r 0, alpha 0, dropout 0 and no targets. */
    public record Method(MethodKind kind, int r, int alpha, Decimal dropout, List<String> targets) {
        /** Every weight, without an adapter. */
        public static final Method FULL = new Method(MethodKind.FULL, 0, 0, Decimal.ZERO, List.of());

        public Method {
            targets = List.copyOf(targets);
        }
    }

    /**
     * The training run; decimals are text because the canonical form holds no floats.
     *
     * @param dpoBeta how strongly the reference holds the model back; 0 for {@code sft}
     * @param maxGradNorm 0 does not clip
     */
    public record Train(
            int steps,
            int microBatch,
            int gradAccum,
            int seqLen,
            Decimal lr,
            Scheduler scheduler,
            int warmupSteps,
            long seed,
            Dtype dtype,
            Objective objective,
            LossOn lossOn,
            Decimal dpoBeta,
            Optimizer optimizer,
            Decimal weightDecay,
            Decimal maxGradNorm,
            boolean packing,
            boolean gradCheckpointing) {
        /** A supervised run with the defaults of everything that need not be said. */
        public static Train supervised(
                int steps,
                int microBatch,
                int gradAccum,
                int seqLen,
                Decimal lr,
                Scheduler scheduler,
                int warmupSteps,
                long seed,
                Dtype dtype) {
            return new Train(
                    steps,
                    microBatch,
                    gradAccum,
                    seqLen,
                    lr,
                    scheduler,
                    warmupSteps,
                    seed,
                    dtype,
                    Objective.SFT,
                    LossOn.COMPLETIONS,
                    Decimal.ZERO,
                    Optimizer.ADAMW,
                    Decimal.ZERO,
                    Decimal.ZERO,
                    false,
                    false);
        }

        /** The same run with micro-batches of another shape. */
        public Train shaped(int otherMicroBatch, int otherSeqLen) {
            return new Train(
                    steps,
                    otherMicroBatch,
                    gradAccum,
                    otherSeqLen,
                    lr,
                    scheduler,
                    warmupSteps,
                    seed,
                    dtype,
                    objective,
                    lossOn,
                    dpoBeta,
                    optimizer,
                    weightDecay,
                    maxGradNorm,
                    packing,
                    gradCheckpointing);
        }
    }

    /** Where borders lie. */
    public record Segments(int stepsPerSegment) {}

    /**
     * What the dataset is.
     *
     * @param maxBadRows how many rows may be left out for being unreadable
     * @param heldOut the share of the rows, chosen by hash, that is evaluated on and not trained on
     * @param evalFile a file of the dataset that is evaluated on instead; empty for none
     */
    public record Data(DataFormat format, int maxBadRows, Decimal heldOut, String evalFile) {
        /** Found by looking, every row good, nothing held out. */
        public static final Data PLAIN = new Data(DataFormat.AUTO, 0, Decimal.ZERO, "");

        /** Whether there is anything to evaluate on. */
        public boolean evaluates() {
            return heldOut.compareTo(Decimal.ZERO) != 0 || !evalFile.isEmpty();
        }
    }

    /**
     * When the model is evaluated.
     *
     * @param every segments between evaluations
     * @param earlyStop evaluations without a lower loss after which training stops; 0 never does
     */
    public record Evaluate(int every, int earlyStop) {}

    /** What the job gives besides its adapter (or, with {@code full}, its model). */
    public record Outputs(boolean merged, List<GgufFormat> gguf) {
        /** The adapter alone. */
        public static final Outputs PLAIN = new Outputs(false, List.of());

        public Outputs {
            gguf = List.copyOf(gguf);
        }
    }

    /** What one attempt needs; memory and disk in bytes. */
    public record Resources(GpuNeed gpu, int cpu, long memory, long disk) {}

    /** @param vramMin bytes; 0 when any will do */
    public record GpuNeed(int count, long vramMin, List<String> models) {
        public GpuNeed {
            models = List.copyOf(models);
        }
    }

    /**
     * Who may run it.
     *
     * @param numericClass "any", or the digest of one class
     */
    public record Placement(
            List<String> regions, Decimal minReputation, List<Address> excludeOwners, String numericClass) {
        public Placement {
            regions = List.copyOf(regions);
            excludeOwners = List.copyOf(excludeOwners);
        }

        /** The one class asked for, or nothing when any will do. */
        public Optional<Digest> demandedClass() {
            return numericClass.equals("any") ? Optional.empty() : Optional.of(Digest.parse(numericClass));
        }
    }

    /** The most that the job's runs and audits are paid together, in the token's smallest unit. */
    public record Price(Amount max) {}

    /** Seconds. */
    public record Deadlines(int queue, int run, int upload) {}

    public record Verification(VerificationPolicy policy, int replicas) {
        /** How many distinct owners must agree: all of two, or more than half. */
        public int quorum() {
            return replicas / 2 + 1;
        }
    }

    /** The same job with another run. */
    public JobSpec training(Train other) {
        return with(other, segments, resources, placement, price, deadlines, verification);
    }

    /** The same job with its borders elsewhere. */
    public JobSpec cut(Segments other) {
        return with(train, other, resources, placement, price, deadlines, verification);
    }

    /** The same job, which needs something else. */
    public JobSpec needing(Resources other) {
        return with(train, segments, other, placement, price, deadlines, verification);
    }

    /** The same job for others to run. */
    public JobSpec placed(Placement other) {
        return with(train, segments, resources, other, price, deadlines, verification);
    }

    /** The same job with another maximum. */
    public JobSpec costing(Price other) {
        return with(train, segments, resources, placement, other, deadlines, verification);
    }

    /** The same job with other deadlines. */
    public JobSpec within(Deadlines other) {
        return with(train, segments, resources, placement, price, other, verification);
    }

    /** The same job, verified in another way. */
    public JobSpec verified(Verification other) {
        return with(train, segments, resources, placement, price, deadlines, other);
    }

    private JobSpec with(
            @Nullable Train otherTrain,
            @Nullable Segments otherSegments,
            Resources otherResources,
            Placement otherPlacement,
            Price otherPrice,
            Deadlines otherDeadlines,
            Verification otherVerification) {
        return new JobSpec(
                version,
                name,
                trainer,
                image,
                imageSource,
                base,
                dataset,
                method,
                otherTrain,
                otherSegments,
                data,
                evaluate,
                outputs,
                otherResources,
                otherPlacement,
                otherPrice,
                otherDeadlines,
                otherVerification);
    }

    /** How many borders the job has after border 0; 0 means all or nothing. */
    public int borders() {
        if (segments == null || train == null) {
            return 0;
        }
        return Math.ceilDiv(train.steps(), segments.stepsPerSegment());
    }

    /** Tokens trained on: steps · microBatch · gradAccum · seqLen; 0 for a job without a train section. */
    public long units() {
        return train == null
                ? 0
                : Math.multiplyExact(
                        Math.multiplyExact((long) train.steps(), train.microBatch()),
                        Math.multiplyExact((long) train.gradAccum(), train.seqLen()));
    }

    public Optional<ContentId> baseId() {
        return base.isEmpty() ? Optional.empty() : Optional.of(ContentId.parse(base));
    }

    public Optional<ContentId> datasetId() {
        return dataset.isEmpty() ? Optional.empty() : Optional.of(ContentId.parse(dataset));
    }

    /** The docker-archive artifact the image comes in, when the builder uploaded one. */
    public Optional<ContentId> imageArtifact() {
        return imageSource.startsWith("artifact:")
                ? Optional.of(ContentId.parse(imageSource.substring("artifact:".length())))
                : Optional.empty();
    }
}
