package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.TrainingJob;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.model.LlamaConfig;

/** Tells a job that cannot fit before it dies of it. */
final class MemoryNeed {
    private MemoryNeed() {}

    static void check(LlamaConfig config, TrainingJob job, int threads) {
        long heap = Runtime.getRuntime().maxMemory();
        long need = bytes(config, job, threads);
        long largest = (long) job.train().seqLen() * Math.max(config.vocabulary(), (long) config.heads() * pitch(job.train().seqLen()));
        if (need > heap || largest > Integer.MAX_VALUE - 16) {
            throw JobFailure.spec(
                    "MEMORY_TOO_SMALL",
                    "Expected about " + (need >> 20) + " MiB of heap for this base and 'train.seqLen', but " + (heap >> 20) + " MiB are lent.",
                    "Ask for more 'resources.memory', or lower 'train.seqLen'.");
        }
    }

    private static long pitch(int rows) {
        return LoraStep.padded(rows);
    }

    /** Weights both ways round, activations of every layer for each thread, adapters and optimiser. */
    static long bytes(LlamaConfig config, TrainingJob job, int threads) {
        long rows = job.train().seqLen();
        long perRow = 4L * config.width() + 2L * config.queryWidth() + 2L * config.keyWidth() + 3L * config.inner()
                + config.heads() * pitch((int) rows);
        long worker = rows * (config.layers() * perRow + config.vocabulary() + 4L * config.width());
        long adapters = LoraLayout.of(config, job.method()).size();
        return 4 * (2 * config.parameters() + threads * (worker + adapters) + 8 * adapters) + (24L << 20);
    }
}
