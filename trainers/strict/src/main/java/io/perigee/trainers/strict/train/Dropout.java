package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.math.CounterHash;
import io.perigee.trainers.strict.math.CounterHash.Purpose;

/** Drops adapter inputs; whether one is dropped is a function of (seed, step, layer and projection, index) alone. */
final class Dropout {
    private final long seed;
    private final long threshold;
    private final float keepScale;

    Dropout(long seed, double rate) {
        this.seed = seed;
        this.threshold = (long) (rate * 0x1p32);
        this.keepScale = (float) (1 / (1 - rate));
    }

    boolean active() {
        return threshold > 0;
    }

    /** The numbers of one projection in one step. */
    long stream(int step, int layer, int projection) {
        return CounterHash.stream(seed, Purpose.DROPOUT, step, layer * 8L + projection);
    }

    /** {@code out[i]} is {@code x[i]} scaled up, or 0 where dropped. */
    void apply(long stream, long firstIndex, float[] x, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = keeps(stream, firstIndex + i) ? x[i] * keepScale : 0f;
        }
    }

    /** Adds what flows back through {@link #apply}. */
    void addBackward(long stream, long firstIndex, float[] gradient, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            if (keeps(stream, firstIndex + i)) {
                out[i] += gradient[i] * keepScale;
            }
        }
    }

    private boolean keeps(long stream, long index) {
        return (CounterHash.at(stream, index) >>> 32) >= threshold;
    }
}
