package io.perigee.protocol.rest;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs, from the base's configuration alone.
 *
 * @param parameters weights of the base
 * @param trainedParameters weights that change
 * @param required bytes a provider must have to be given a run: the peak and a tenth, as far as the estimate may be off
 * @param largest what would fit, where no class of providers that are online has the memory
 */
public record Estimate(
        long parameters,
        long trainedParameters,
        MemoryEstimate memory,
        long required,
        @Nullable Largest largest) {
    /**
     * What the roomiest class of providers could run: the one in which as many owners as the job wants have most memory.
     *
     * @param provider of these, the one with the least
     * @param numericClass zero when the work claims no class
     * @param kind what people call the class: a GPU's model, the kernels of processors such as "avx512", "strict"
     * @param memory bytes one run may have there; for a job of GPUs, of each
     * @param microBatch the largest that fits with this job's seqLen; 0 when none does
     * @param seqLen the largest that fits with this job's microBatch; 0 when none does
     */
    public record Largest(
            ProviderId provider, Digest numericClass, String kind, long memory, int microBatch, int seqLen) {}
}
