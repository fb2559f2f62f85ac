package io.perigee.protocol.rest;

/**
 * The most memory a run holds at once, in bytes, by what holds it. Sequences are taken to have their full length.
 *
 * @param weights the base, and the adapter
 * @param gradients of what is trained
 * @param optimizer its averages
 * @param activations what the way back needs of the way there
 * @param logits the output's scores and their gradient
 * @param workspace the program itself, and what lives for a moment
 */
public record MemoryEstimate(
        long total, long weights, long gradients, long optimizer, long activations, long logits, long workspace) {
    private static final double MOST = (1L << 53) - 1;

    /** From its parts, which are whole numbers of bytes below 2^53. */
    public static MemoryEstimate of(
            double weights, double gradients, double optimizer, double activations, double logits, double workspace) {
        return new MemoryEstimate(
                whole(weights + gradients + optimizer + activations + logits + workspace),
                whole(weights),
                whole(gradients),
                whole(optimizer),
                whole(activations),
                whole(logits),
                whole(workspace));
    }

    private static long whole(double bytes) {
        return (long) Math.min(bytes, MOST);
    }
}
