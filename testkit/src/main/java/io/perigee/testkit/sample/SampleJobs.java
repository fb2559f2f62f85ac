package io.perigee.testkit.sample;

import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.Dtype;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Scheduler;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.VerificationPolicy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Valid jobs. */
public final class SampleJobs {
    private SampleJobs() {}

    /** Eight steps in four segments by the strict trainer: 2048 tokens. */
    public static JobSpec strict(int replicas) {
        return trained("strict", replicas);
    }

    /** The same training by the Hugging Face stack. */
    public static JobSpec lora(int replicas) {
        return trained("lora", replicas);
    }

    private static JobSpec trained(String trainer, int replicas) {
        return new JobSpec(
                JobSpec.VERSION,
                "test",
                trainer,
                Parties.content("image"),
                "trainer",
                Parties.content("base").toString(),
                Parties.content("dataset").toString(),
                new JobSpec.Method(MethodKind.LORA, 8, 16, Decimal.ZERO, List.of("q_proj")),
                JobSpec.Train.supervised(8, 4, 1, 64, Decimal.parse("0.0002"), Scheduler.COSINE, 2, 7, Dtype.FLOAT32),
                new JobSpec.Segments(2),
                JobSpec.Data.PLAIN,
                null,
                JobSpec.Outputs.PLAIN,
                new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 1, 1_000_000_000, 1_000_000_000),
                new JobSpec.Placement(List.of(), Decimal.ZERO, List.of(), "any"),
                new JobSpec.Price(Amount.of(2_500)),
                new JobSpec.Deadlines(600, 3_600, 300),
                new JobSpec.Verification(VerificationPolicy.REPLICATE, replicas));
    }

    /** The same training, run once and audited by two of its four segments or more. */
    public static JobSpec audited(VerificationPolicy policy) {
        return withVerification(strict(2), new JobSpec.Verification(policy, 2));
    }

    public static JobSpec withVerification(JobSpec spec, JobSpec.Verification verification) {
        return spec.verified(verification);
    }

    /** A container of the builder's own, without segments: all or nothing. */
    public static JobSpec container(int replicas) {
        var spec = strict(replicas);
        return new JobSpec(
                spec.version(),
                spec.name(),
                "",
                spec.image(),
                "registry:example/image",
                "",
                "",
                null,
                null,
                null,
                null,
                null,
                null,
                spec.resources(),
                spec.placement(),
                new JobSpec.Price(Amount.of(25_000)),
                spec.deadlines(),
                spec.verification());
    }

    /** The same, with so many segments of two steps each. */
    public static JobSpec withSegments(JobSpec spec, int segments) {
        return spec.training(JobSpec.Train.supervised(
                        2 * segments, 4, 1, 64, Decimal.parse("0.0002"), Scheduler.COSINE, 2, 7, Dtype.FLOAT32))
                .cut(new JobSpec.Segments(2));
    }

    public static JobSpec withPrice(JobSpec spec, long max) {
        return spec.costing(new JobSpec.Price(Amount.of(max)));
    }

    public static JobSpec withPlacement(JobSpec spec, JobSpec.Placement placement) {
        return spec.placed(placement);
    }

    public static JobSpec withResources(JobSpec spec, JobSpec.Resources resources) {
        return spec.needing(resources);
    }

    public static JobSpec withDeadlines(JobSpec spec, JobSpec.Deadlines deadlines) {
        return spec.within(deadlines);
    }

    /** An order, paid by epoch, that lives so many seconds from an instant. */
    public static JobOrder order(JobId id, JobSpec spec, Instant from, long seconds) {
        return new JobOrder(
                Parties.BUILDER.address(),
                Parties.HUB.address(),
                id,
                SpecHash.of(spec),
                Parties.TOKEN,
                spec.price().max(),
                spec.borders(),
                spec.verification().quorum(),
                false,
                from.getEpochSecond(),
                from.getEpochSecond() + seconds);
    }

    /** Of a base whose sizes nobody knows. */
    public static JobSubmitted submitted(JobOrder order, JobSpec spec) {
        return submitted(order, spec, null);
    }

    public static JobSubmitted submitted(JobOrder order, JobSpec spec, @Nullable ModelShape base) {
        var signature = Parties.BUILDER.sign(order.digest(Parties.DOMAIN));
        return new JobSubmitted(order.jobId(), spec, SpecHash.of(spec), order, signature, base);
    }
}
