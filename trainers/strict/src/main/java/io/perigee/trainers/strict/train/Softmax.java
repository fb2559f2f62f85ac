package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.math.Kernels;

/** Softmax of a stretch of an array. */
final class Softmax {
    private Softmax() {}

    /** Overwrites with probabilities and returns the logarithm of the sum of exponentials. */
    static double apply(Kernels kernels, float[] x, int offset, int length) {
        float highest = x[offset];
        for (int i = offset + 1; i < offset + length; i++) {
            highest = Math.max(highest, x[i]);
        }
        kernels.exponentials(x, offset, length, highest);
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += x[i];
        }
        kernels.scale(x, offset, length, (float) (1 / sum));
        return highest + StrictMath.log(sum);
    }
}
