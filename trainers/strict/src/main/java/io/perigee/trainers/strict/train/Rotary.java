package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.model.LlamaConfig;

/** Rotary position embeddings in the half-split form of Hugging Face's Llama. */
final class Rotary {
    private final int half;
    private final float[] cosine;
    private final float[] sine;

    Rotary(LlamaConfig config, int positions) {
        this.half = config.headWidth() / 2;
        this.cosine = new float[positions * half];
        this.sine = new float[positions * half];
        for (int i = 0; i < half; i++) {
            double frequency = 1 / StrictMath.pow(config.ropeTheta(), 2.0 * i / config.headWidth());
            for (int t = 0; t < positions; t++) {
                cosine[t * half + i] = (float) StrictMath.cos(t * frequency);
                sine[t * half + i] = (float) StrictMath.sin(t * frequency);
            }
        }
    }

    /** Turns all heads of all rows by their position; {@code direction} -1 turns gradients back. */
    void turn(float[] x, int rows, int heads, float direction) {
        for (int t = 0; t < rows; t++) {
            for (int h = 0; h < heads; h++) {
                turnHead(x, (t * heads + h) * 2 * half, t * half, direction);
            }
        }
    }

    private void turnHead(float[] x, int at, int table, float direction) {
        for (int i = 0; i < half; i++) {
            float c = cosine[table + i];
            float s = direction * sine[table + i];
            float first = x[at + i];
            float second = x[at + half + i];
            x[at + i] = first * c - second * s;
            x[at + half + i] = second * c + first * s;
        }
    }
}
