package io.perigee.trainers.strict.math;

/**
 * All randomness of a job: a function of the seed, a purpose and counters, with no state to carry, to save or to lie
 * about. The mixing step is SplitMix64's finaliser.
 */
public final class CounterHash {
    /** Where the numbers go; the codes are part of the trainer's definition. */
    public enum Purpose {
        START(1),
        ORDER(2),
        DROPOUT(3);

        private final long code;

        Purpose(long code) {
            this.code = code;
        }
    }

    private CounterHash() {}

    /** The key of one stream. */
    public static long stream(long seed, Purpose purpose, long first, long second) {
        return mix(mix(mix(mix(seed) + purpose.code) + first) + second);
    }

    /** 64 bits of a stream at a place. */
    public static long at(long stream, long index) {
        return mix(stream + index * 0x9E3779B97F4A7C15L);
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
