package io.perigee.trainers.strict.model;

import io.perigee.trainers.strict.math.Matrix;

/** A frozen weight matrix {@code [outputs, inputs]}, kept both ways round so that both passes read rows. */
public record Projection(int inputs, int outputs, float[] byOutput, float[] byInput) {

    /** Takes the weights as the file has them, one row per output. */
    public static Projection of(int inputs, int outputs, float[] weights) {
        float[] turned = new float[weights.length];
        int tile = 16;
        for (int o0 = 0; o0 < outputs; o0 += tile) {
            for (int i0 = 0; i0 < inputs; i0 += tile) {
                turn(weights, turned, inputs, outputs, o0, i0, tile);
            }
        }
        return new Projection(inputs, outputs, weights, turned);
    }

    private static void turn(float[] from, float[] to, int inputs, int outputs, int o0, int i0, int tile) {
        for (int o = o0; o < Math.min(outputs, o0 + tile); o++) {
            for (int i = i0; i < Math.min(inputs, i0 + tile); i++) {
                to[i * outputs + o] = from[o * inputs + i];
            }
        }
    }

    /** {@code [inputs, outputs]}: what a row of inputs is multiplied with. */
    public Matrix forward() {
        return Matrix.of(byInput, inputs, outputs);
    }

    /** {@code [outputs, inputs]}: what a row of output gradients is multiplied with. */
    public Matrix backward() {
        return Matrix.of(byOutput, outputs, inputs);
    }
}
