package io.perigee.protocol.rest;

import io.perigee.protocol.id.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs, from the base's configuration alone.
 *
 * @param parameters weights of the base
 * @param trainedParameters weights that change
 * @param largest what would fit, where no provider that is online has the memory
 */
public record Estimate(
        long parameters,
        long trainedParameters,
        MemoryEstimate memory,
        @Nullable Largest largest) {
    /**
     * What the roomiest provider could run.
     *
     * @param memory bytes it lends one run
     * @param microBatch the largest that fits with this job's seqLen; 0 when none does
     * @param seqLen the largest that fits with this job's microBatch; 0 when none does
     */
    public record Largest(ProviderId provider, long memory, int microBatch, int seqLen) {}
}
