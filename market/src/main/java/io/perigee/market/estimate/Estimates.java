package io.perigee.market.estimate;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** A job's need of memory, and who has it. Pure: the base's shape, the spec and the offers of this moment. */
public final class Estimates {
    private Estimates() {}

    /** Nothing for jobs that train nothing by a trainer known here. */
    public static Optional<Estimate> of(ModelShape shape, JobSpec spec, List<OfferView> offers) {
        return memory(shape, spec)
                .map(memory -> new Estimate(
                        shape.parameters(),
                        trained(shape, spec),
                        memory,
                        largest(shape, spec, memory, offers).orElse(null)));
    }

    /** What a builder should know before signing. */
    public static List<String> warnings(Estimate estimate, JobSpec spec) {
        var warnings = new ArrayList<String>();
        long need = estimate.memory().total();
        long asked = spec.resources().gpu().count() == 0
                ? spec.resources().memory()
                : spec.resources().gpu().vramMin();
        var key = spec.resources().gpu().count() == 0 ? "resources.memory" : "resources.gpu.vram";
        if (asked > 0 && need > asked) {
            warnings.add("Expected %s to hold the run, which is estimated at %s, but it is %s"
                    .formatted(key, gigabytes(need), gigabytes(asked)));
        }
        var largest = estimate.largest();
        if (largest != null) {
            warnings.add(
                    "Expected a provider with %s for one run, but the roomiest lends %s: microBatch %d or seqLen %d would fit there (%s)"
                            .formatted(
                                    gigabytes(need),
                                    gigabytes(largest.memory()),
                                    largest.microBatch(),
                                    largest.seqLen(),
                                    largest.provider()));
        }
        return warnings;
    }

    static Optional<MemoryEstimate> memory(ModelShape shape, JobSpec spec) {
        var method = spec.method();
        var train = spec.train();
        if (method == null || train == null) {
            return Optional.empty();
        }
        return switch (spec.trainer()) {
            case "strict" ->
                Optional.of(StrictMemory.estimate(
                        shape, method, train, spec.resources().cpu()));
            case "lora" -> Optional.of(new EagerMemory(shape, method, train).estimate());
            default -> Optional.empty();
        };
    }

    private static long trained(ModelShape shape, JobSpec spec) {
        var method = spec.method();
        return method == null ? 0 : (long) EagerMemory.trained(shape, method);
    }

    private static Optional<Estimate.Largest> largest(
            ModelShape shape, JobSpec spec, MemoryEstimate memory, List<OfferView> offers) {
        var roomiest = offers.stream()
                .filter(view -> room(spec, view) > 0)
                .max(Comparator.comparingLong((OfferView view) -> room(spec, view))
                        .thenComparing(view -> view.provider().value()));
        var train = spec.train();
        if (roomiest.isEmpty() || train == null || room(spec, roomiest.get()) >= memory.total()) {
            return Optional.empty();
        }
        long room = room(spec, roomiest.get());
        int longest = Math.min(shape.context(), SpecLimits.SEQ_LEN);
        return Optional.of(new Estimate.Largest(
                roomiest.get().provider(),
                room,
                search(SpecLimits.BATCH, micro -> fits(shape, spec, micro, train.seqLen(), room)),
                search(longest, length -> fits(shape, spec, train.microBatch(), length, room))));
    }

    private static boolean fits(ModelShape shape, JobSpec spec, int microBatch, int seqLen, long room) {
        return memory(shape, with(spec, microBatch, seqLen))
                .map(memory -> memory.total() <= room)
                .orElse(true);
    }

    /** Bytes one run may have of an offer: its memory, or that of as many of its GPUs as the job asks for. */
    private static long room(JobSpec spec, OfferView view) {
        var need = spec.resources().gpu();
        if (need.count() == 0) {
            return view.offer().memory();
        }
        var fitting = view.offer().gpus().stream()
                .filter(gpu -> need.models().isEmpty() || need.models().contains(gpu.model()))
                .sorted(Comparator.comparingLong(Gpu::vram).reversed())
                .limit(need.count())
                .toList();
        return fitting.size() < need.count()
                ? 0
                : fitting.stream().mapToLong(Gpu::vram).sum();
    }

    /** The largest number up to a most that holds, when smaller ones hold too; 0 when none does. */
    private static int search(int most, IntPredicate holds) {
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

    private static JobSpec with(JobSpec spec, int microBatch, int seqLen) {
        var train = java.util.Objects.requireNonNull(spec.train(), "train");
        return spec.training(new JobSpec.Train(
                train.steps(),
                microBatch,
                train.gradAccum(),
                seqLen,
                train.lr(),
                train.scheduler(),
                train.warmupSteps(),
                train.seed(),
                train.dtype(),
                train.objective(),
                train.lossOn(),
                train.dpoBeta(),
                train.optimizer(),
                train.weightDecay(),
                train.maxGradNorm(),
                train.packing(),
                train.gradCheckpointing()));
    }

    private static String gigabytes(long bytes) {
        return "%d.%02d GB".formatted(bytes / 1_000_000_000, bytes % 1_000_000_000 / 10_000_000);
    }
}
