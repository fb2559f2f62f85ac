package io.perigee.trainers.strict.math;

/** Single precision functions by fixed polynomials, as a machine's own library would round differently. */
public final class StrictMathFunctions {
    static final float LOG2_E = 1.44269504f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    /** 1.5 * 2^23: adding it rounds to an integer, kept in the low bits. */
    static final float ROUNDER = 12582912f;

    static final float LOWEST = -87f;
    static final float HIGHEST = 88f;
    static final float C5 = 1.9875691500e-4f;
    static final float C4 = 1.3981999507e-3f;
    static final float C3 = 8.3334519073e-3f;
    static final float C2 = 4.1665795894e-2f;
    static final float C1 = 1.6666665459e-1f;
    static final float C0 = 5.0000001201e-1f;

    private StrictMathFunctions() {}

    /** e^x within about one unit in the last place (Cephes' polynomial); x is first held within [-87, 88]. */
    public static float exp(float x) {
        float held = Math.max(LOWEST, Math.min(HIGHEST, x));
        float shifted = held * LOG2_E + ROUNDER;
        float n = shifted - ROUNDER;
        float r = held - n * LN2_HIGH;
        r = r - n * LN2_LOW;
        float p = C5;
        p = p * r + C4;
        p = p * r + C3;
        p = p * r + C2;
        p = p * r + C1;
        p = p * r + C0;
        float square = r * r;
        float y = p * square;
        y = y + r;
        y = y + 1f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) + (Float.floatToRawIntBits(shifted) << 23));
    }

    static float gate(float gate, float up) {
        return gate / (1f + exp(-gate)) * up;
    }

    static float gateGradient(float gate, float up, float gradient) {
        float sigmoid = 1f / (1f + exp(-gate));
        float slope = sigmoid * (1f + gate * (1f - sigmoid));
        return gradient * up * slope;
    }

    static float upGradient(float gate, float gradient) {
        return gradient * (gate / (1f + exp(-gate)));
    }
}
