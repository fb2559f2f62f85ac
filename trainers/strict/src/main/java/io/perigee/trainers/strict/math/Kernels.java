package io.perigee.trainers.strict.math;

/**
 * The heavy operations. Every implementation gives the same bits, because each result element is computed by one fixed
 * sequence of IEEE-754 single precision operations that does not depend on how many elements are computed side by side:
 * products are rounded before they are added (never fused, since a machine without FMA could not follow), and sums run
 * over rising indices.
 */
public interface Kernels {

    /**
     * {@code c = (accumulate ? c : 0) + a b}; element (i, j) starts from the first and adds {@code a(i,k) * b(k,j)} for
     * rising k. {@code b} and {@code c} must have column stride 1.
     */
    void multiply(Matrix a, Matrix b, Matrix c, boolean accumulate);

    /** {@code x[i] = exp(x[i] - shift)} by {@link StrictMathFunctions#exp}. */
    void exponentials(float[] x, int offset, int length, float shift);

    /** {@code x[i] = x[i] * factor}. */
    void scale(float[] x, int offset, int length, float factor);

    /** {@code out[i] = silu(gate[i]) * up[i]}. */
    void gate(float[] gate, float[] up, float[] out, int length);

    /** The derivative of {@link #gate}: overwrites {@code gate} and {@code up} with their gradients. */
    void gateBackward(float[] gate, float[] up, float[] gradient, int length);
}
