package io.perigee.testkit.data;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.Dtype;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Scheduler;
import io.perigee.protocol.spec.VerificationPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job for the {@code strict} trainer: 64 steps in segments of 8, two replicas, at most 2.5 tokens of six decimals. */
public final class JobSpecBuilder {
    private String name = "a-job";
    private int steps = 64;
    private int stepsPerSegment = 8;
    private Amount maximum = Amount.of(2_500_000);
    private int replicas = 2;
    private int cpu = 1;
    private long memory = 1_000_000_000L;
    private JobSpec.GpuNeed gpu = new JobSpec.GpuNeed(0, 0, List.of());
    private List<String> regions = List.of();
    private List<Address> excludedOwners = List.of();
    private JobSpec.Deadlines deadlines = new JobSpec.Deadlines(600, 7200, 900);
    private @Nullable ContentId ownImage;

    private JobSpecBuilder() {}

    public static JobSpecBuilder aJob() {
        return new JobSpecBuilder();
    }

    public JobSpecBuilder named(String other) {
        name = other;
        return this;
    }

    public JobSpecBuilder steps(int count, int perSegment) {
        steps = count;
        stepsPerSegment = perSegment;
        return this;
    }

    public JobSpecBuilder costingAtMost(long smallestUnits) {
        maximum = Amount.of(smallestUnits);
        return this;
    }

    public JobSpecBuilder replicas(int count) {
        replicas = count;
        return this;
    }

    public JobSpecBuilder needing(int processors, long memoryBytes) {
        cpu = processors;
        memory = memoryBytes;
        return this;
    }

    public JobSpecBuilder onGpu(int count, long vramBytes, String... models) {
        gpu = new JobSpec.GpuNeed(count, vramBytes, List.of(models));
        return this;
    }

    public JobSpecBuilder in(String... allowedRegions) {
        regions = List.of(allowedRegions);
        return this;
    }

    public JobSpecBuilder without(Address... owners) {
        excludedOwners = List.of(owners);
        return this;
    }

    /** Seconds for queueing, running and uploading. */
    public JobSpecBuilder within(int queue, int run, int upload) {
        deadlines = new JobSpec.Deadlines(queue, run, upload);
        return this;
    }

    /** An image of the builder's own, all or nothing, without base and dataset. */
    public JobSpecBuilder ofOwnImage(ContentId image) {
        ownImage = image;
        return this;
    }

    public JobSpec build() {
        boolean trainer = ownImage == null;
        return new JobSpec(
                JobSpec.VERSION,
                name,
                trainer ? "strict" : "",
                ownImage == null ? content("image") : ownImage,
                trainer ? "trainer" : "artifact:" + content("archive").value(),
                trainer ? content("base").value() : "",
                trainer ? content("dataset").value() : "",
                trainer
                        ? new JobSpec.Method(
                                MethodKind.LORA, 8, 16, Decimal.ZERO, List.of("q_proj", "k_proj", "v_proj", "o_proj"))
                        : null,
                trainer
                        ? JobSpec.Train.supervised(
                                steps, 4, 1, 64, Decimal.parse("0.0002"), Scheduler.COSINE, 8, 7, Dtype.FLOAT32)
                        : null,
                trainer ? new JobSpec.Segments(stepsPerSegment) : null,
                trainer ? JobSpec.Data.PLAIN : null,
                null,
                trainer ? JobSpec.Outputs.PLAIN : null,
                new JobSpec.Resources(gpu, cpu, memory, 1_000_000_000L),
                new JobSpec.Placement(regions, Decimal.ZERO, excludedOwners, "any"),
                new JobSpec.Price(maximum),
                deadlines,
                new JobSpec.Verification(VerificationPolicy.REPLICATE, replicas));
    }

    private static ContentId content(String what) {
        return Sha256.of(what.getBytes(StandardCharsets.UTF_8));
    }
}
