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
        Resources resources,
        Placement placement,
        Price price,
        Deadlines deadlines,
        Verification verification) {
    public static final int VERSION = 1;

    /** How the adapter is made. */
    public record Method(String kind, int r, int alpha, Decimal dropout, List<String> targets) {
        public Method {
            targets = List.copyOf(targets);
        }
    }

    /** The training run; decimals are text because the canonical form holds no floats. */
    public record Train(
            int steps,
            int microBatch,
            int gradAccum,
            int seqLen,
            Decimal lr,
            Scheduler scheduler,
            int warmupSteps,
            long seed,
            Dtype dtype) {}

    /** Where borders lie. */
    public record Segments(int stepsPerSegment) {}

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

    /** The most the whole job can ever cost, in the token's smallest unit. */
    public record Price(Amount max) {}

    /** Seconds. */
    public record Deadlines(int queue, int run, int upload) {}

    public record Verification(VerificationPolicy policy, int replicas) {
        /** How many distinct owners must agree: all of two, or more than half. */
        public int quorum() {
            return replicas / 2 + 1;
        }
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
