package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.model.LlamaConfig;

/** Tells a job that cannot fit before it dies of it. */
final class MemoryNeed {
    /** The share of the lent memory that the image gives to the heap. */
    private static final double HEAP_SHARE = 0.6;

    private static final long MARGIN = 24L << 20;

    private MemoryNeed() {}

    static void check(LlamaConfig config, TrainingJob job, int threads) {
        long rows = job.train().seqLen();
        long longestArray = rows * Math.max(config.vocabulary(), (long) config.heads() * LoraStep.padded((int) rows));
        if (longestArray > Integer.MAX_VALUE - 16) {
            throw JobFailure.spec(
                    "SEQUENCE_TOO_LONG",
                    "Expected 'train.seqLen' to fit arrays of 2^31 values, but " + rows + " does not with this base.",
                    "Lower 'train.seqLen'.");
        }
        long need = bytes(config, job, threads);
        long heap = Runtime.getRuntime().maxMemory();
        if (need <= heap) {
            return;
        }
        String message = "Expected about " + mebibytes(need) + " MiB of heap for this base and 'train.seqLen', but "
                + mebibytes(heap) + " MiB are lent.";
        if (need > job.memory() * HEAP_SHARE) {
            throw JobFailure.spec(
                    "MEMORY_TOO_SMALL",
                    message,
                    "Ask for 'resources.memory' of at least " + (long) (need / HEAP_SHARE)
                            + ", or lower 'train.seqLen'.");
        }
        throw JobFailure.machine("MEMORY_NOT_LENT", message, "Lend the container the memory its job asks for.");
    }

    /** Weights both ways round, activations of every layer for each thread, adapters and optimiser. */
    static long bytes(LlamaConfig config, TrainingJob job, int threads) {
        long rows = job.train().seqLen();
        long perRow = 4L * config.width()
                + 2L * config.queryWidth()
                + 2L * config.keyWidth()
                + 3L * config.inner()
                + (long) config.heads() * LoraStep.padded((int) rows);
        long worker = rows * (config.layers() * perRow + config.vocabulary() + 4L * config.width());
        long adapters = LoraLayout.of(config, job.method()).size();
        return 4 * (2 * config.parameters() + threads * (worker + adapters) + 8 * adapters) + MARGIN;
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
