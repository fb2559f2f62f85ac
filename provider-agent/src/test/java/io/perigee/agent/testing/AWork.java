package io.perigee.agent.testing;

import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.spec.Dtype;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Scheduler;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.image.JobImage;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A signed assignment, valid by default; a test names only what matters to it. */
public final class AWork {
    private static final int WHOLE = -1;

    private final Parties parties;
    private String image = "sha256:" + "1".repeat(64);
    private String imageSource = "trainer";
    private String base = "";
    private String dataset = "";
    private int borders = 3;
    private long memory = 256_000_000;
    private long disk = 100_000_000;
    private int cpus = 1;
    private int runSeconds = 120;
    private boolean lora = true;
    private long leaseSeconds = 600;
    private VerificationPolicy policy = VerificationPolicy.REPLICATE;
    private Role role = Role.REPLICA;
    private int attempt;
    private int fromBorder;
    private int toBorder = WHOLE;
    private @Nullable ContentId resumeFrom;

    private AWork(Parties parties) {
        this.parties = parties;
    }

    public static AWork of(Parties parties) {
        return new AWork(parties);
    }

    public AWork image(JobImage made) {
        image = made.image().value();
        imageSource = "artifact:" + made.archiveId();
        return this;
    }

    public AWork base(ContentId manifest) {
        base = manifest.value();
        return this;
    }

    public AWork dataset(ContentId manifest) {
        dataset = manifest.value();
        return this;
    }

    /** 0 makes a job without segments and without training. */
    public AWork borders(int count) {
        borders = count;
        return this;
    }

    public AWork memory(long bytes) {
        memory = bytes;
        return this;
    }

    public AWork disk(long bytes) {
        disk = bytes;
        return this;
    }

    public AWork cpus(int count) {
        cpus = count;
        return this;
    }

    public AWork runSeconds(int seconds) {
        runSeconds = seconds;
        return this;
    }

    public AWork leaseSeconds(long seconds) {
        leaseSeconds = seconds;
        return this;
    }

    public AWork audited() {
        policy = VerificationPolicy.AUDIT;
        return this;
    }

    /** The rest of the job, from another provider's checkpoint. */
    public AWork resuming(int border, ContentId checkpoint) {
        attempt = 1;
        fromBorder = border;
        resumeFrom = checkpoint;
        return this;
    }

    /** Some segments again, as an auditor; the checkpoint is null when they begin at border 0. */
    public AWork auditing(int from, int to, @Nullable ContentId checkpoint) {
        attempt = 2;
        role = Role.AUDITOR;
        fromBorder = from;
        toBorder = to;
        resumeFrom = checkpoint;
        return this;
    }

    public AWork withoutMethod() {
        lora = false;
        return this;
    }

    public JobSpec spec() {
        boolean trains = borders > 0;
        return new JobSpec(
                JobSpec.VERSION,
                "test",
                "",
                ContentId.parse(image),
                imageSource,
                base,
                dataset,
                trains && lora ? new JobSpec.Method(MethodKind.LORA, 8, 16, Decimal.ZERO, List.of("q_proj")) : null,
                trains
                        ? JobSpec.Train.supervised(
                                borders * 8, 4, 1, 64, Decimal.parse("0.0002"), Scheduler.COSINE, 2, 7, Dtype.FLOAT32)
                        : null,
                trains ? new JobSpec.Segments(8) : null,
                trains && !dataset.isEmpty() ? JobSpec.Data.PLAIN : null,
                null,
                trains ? JobSpec.Outputs.PLAIN : null,
                new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), cpus, memory, disk),
                new JobSpec.Placement(List.of(), Decimal.ZERO, List.of(), "any"),
                new JobSpec.Price(Amount.of(9_000_000)),
                new JobSpec.Deadlines(600, runSeconds, 60),
                new JobSpec.Verification(policy, 2));
    }

    public AssignmentOffer build() {
        var spec = spec();
        var random = new byte[10];
        new SecureRandom().nextBytes(random);
        var jobId = new JobId(Uuid7.of(Instant.now(), random));
        long now = Instant.now().getEpochSecond();
        var order = new JobOrder(
                parties.builder().address(),
                parties.hub().address(),
                jobId,
                SpecHash.of(spec),
                Address.parse("0x0000000000000000000000000000000000070ce1"),
                Amount.of(9_000_000),
                spec.borders(),
                2,
                true,
                now - 10,
                now + 7_200);
        return build(jobId, order, parties.builder().sign(order.digest(parties.domain())), spec);
    }

    /** An assignment of a job that another has an assignment of, too. */
    public AssignmentOffer build(AssignmentOffer other) {
        return build(other.jobId(), other.order(), other.orderSignature(), other.spec());
    }

    private AssignmentOffer build(JobId jobId, JobOrder order, Signature orderSignature, JobSpec spec) {
        long now = Instant.now().getEpochSecond();
        var assignment = new Assignment(
                order.digest(parties.domain()),
                attempt,
                parties.provider(),
                parties.owner().address(),
                role,
                fromBorder,
                toBorder == WHOLE ? spec.borders() : toBorder,
                Digest.ZERO,
                Amount.of(3_000_000),
                Amount.of(1_000),
                Digest.ZERO,
                now,
                now + leaseSeconds);
        return new AssignmentOffer(
                jobId,
                attempt,
                assignment,
                parties.hub().sign(assignment.digest(parties.domain())),
                order,
                orderSignature,
                spec,
                1,
                resumeFrom);
    }
}
