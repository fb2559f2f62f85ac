package io.perigee.market.estimate;

import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;

/**
 * The need of the {@code strict} trainer, as its own check before a run has it: weights both ways round, and for each thread
 * the activations of one row. Its image gives six tenths of the lent memory to the heap.
 */
final class StrictMemory {
    private static final double HEAP_SHARE = 0.6;
    private static final double MARGIN = 24L << 20;
    private static final int PAD = 16;
    private static final int WIDE = 4;

    private StrictMemory() {}

    static MemoryEstimate estimate(ModelShape shape, JobSpec.Method method, JobSpec.Train train, int cpus) {
        double rows = train.seqLen();
        double threads = Math.max(1, Math.min(cpus, (double) train.microBatch() * train.gradAccum()));
        double padded = Math.ceilDiv(train.seqLen(), PAD) * (double) PAD;
        double perRow = 4.0 * shape.width()
                + 2.0 * shape.queryWidth()
                + 2.0 * shape.keyWidth()
                + 3.0 * shape.inner()
                + shape.heads() * padded;
        double adapter = EagerMemory.trained(shape, method);
        double weights = WIDE * (2.0 * shape.parameters() + 5 * adapter);
        double optimizer = WIDE * 2 * adapter;
        double gradients = WIDE * (threads + 1) * adapter;
        double activations = WIDE * threads * rows * (shape.layers() * perRow + 4.0 * shape.width());
        double logits = WIDE * threads * rows * shape.vocabulary();
        double heap = weights + optimizer + gradients + activations + logits + MARGIN;
        double beside = Math.ceil(heap / HEAP_SHARE) - heap;
        return MemoryEstimate.of(weights, gradients, optimizer, activations, logits, MARGIN + beside);
    }
}
