package io.perigee.market.matching;

import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import java.util.Comparator;
import java.util.Locale;

/** The memory one run may have of an offer. */
final class Room {
    private Room() {}

    /**
     * What the offer lends of memory; for a job of GPUs, what each of as many of them as it asks for has, since a trainer
     * keeps everything on one. 0 where there are fewer.
     */
    static long of(Offer offer, JobSpec.GpuNeed need) {
        return need.count() == 0
                ? offer.memory()
                : offer.gpus().stream()
                        .filter(gpu -> isWanted(gpu, need))
                        .map(Gpu::vram)
                        .sorted(Comparator.reverseOrder())
                        .skip(need.count() - 1L)
                        .findFirst()
                        .orElse(0L);
    }

    /** How many of an offer's GPUs a job may run on. */
    static int fitting(Offer offer, JobSpec.GpuNeed need, long vram) {
        return (int) offer.gpus().stream()
                .filter(gpu -> gpu.vram() >= vram && isWanted(gpu, need))
                .count();
    }

    /** Whether it is of a model the job may run on. */
    static boolean isWanted(Gpu gpu, JobSpec.GpuNeed need) {
        return need.models().isEmpty() || need.models().stream().anyMatch(model -> contains(gpu.model(), model));
    }

    private static boolean contains(String model, String wanted) {
        return model.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    }
}
