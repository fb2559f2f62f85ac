package io.perigee.market.estimate;

import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a job needs, from its base's configuration alone. Pure.
 *
 * @param memory the most it holds at once
 */
public record RunEstimate(ModelShape base, JobSpec spec, MemoryEstimate memory) {
    /**
     * How far a run may be above its estimate, in parts of a hundred: the trainer's check-estimates holds the estimate to
     * within a tenth of what was measured.
     */
    private static final long MARGIN_PERCENT = 10;

    /**
     * Nothing for jobs that train nothing by a trainer known here.
     *
     * @param base null where its sizes are not known, and so nothing is
     */
    public static Optional<RunEstimate> of(@Nullable ModelShape base, JobSpec spec) {
        var method = spec.method();
        var train = spec.train();
        return base == null || method == null || train == null
                ? Optional.empty()
                : memory(base, spec, method, train).map(memory -> new RunEstimate(base, spec, memory));
    }

    /** Bytes that whoever takes a run must have: the estimated peak and the margin. */
    public long required() {
        long peak = memory.total();
        return peak + Math.ceilDiv(peak, 100) * MARGIN_PERCENT;
    }

    /** Weights that change. */
    public long trainedParameters() {
        return (long) EagerMemory.trained(base, method());
    }

    /** Multiplications and additions of the whole run, when every sequence is full. */
    public double operations() {
        return train().steps() * Operations.perStep(base, method(), train());
    }

    /** The largest microBatch with which the job would fit into so many bytes; 0 when none would. */
    public int microBatchWithin(long room) {
        return largest(SpecLimits.BATCH, micro -> fits(micro, train().seqLen(), room));
    }

    /** The largest seqLen with which the job would fit into so many bytes; 0 when none would. */
    public int seqLenWithin(long room) {
        int most = Math.min(base.context(), SpecLimits.SEQ_LEN);
        int longest = largest(most, length -> fits(train().microBatch(), length, room));
        return longest < SpecLimits.SEQ_LEN_MIN ? 0 : longest;
    }

    private static Optional<MemoryEstimate> memory(
            ModelShape base, JobSpec spec, JobSpec.Method method, JobSpec.Train train) {
        return switch (spec.trainer()) {
            case "strict" ->
                Optional.of(StrictMemory.estimate(
                        base, method, train, spec.resources().cpu()));
            case "lora" ->
                Optional.of(new EagerMemory(
                                base,
                                method,
                                train,
                                Objects.requireNonNull(spec.outputs(), "what a training leaves"),
                                spec.resources().gpu().count() > 0)
                        .estimate());
            default -> Optional.empty();
        };
    }

    private boolean fits(int microBatch, int seqLen, long room) {
        return of(base, spec.training(train().shaped(microBatch, seqLen)))
                .map(smaller -> smaller.required() <= room)
                .orElse(true);
    }

    /** The largest number up to a most that holds, when smaller ones hold too; 0 when none does. */
    private static int largest(int most, IntPredicate holds) {
        int low = 0;
        int high = most;
        while (low < high) {
            int middle = low + (high - low + 1) / 2;
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private JobSpec.Method method() {
        return Objects.requireNonNull(spec.method(), "method");
    }

    /** The spec's run. */
    public JobSpec.Train train() {
        return Objects.requireNonNull(spec.train(), "train");
    }
}
