package io.perigee.trainers.strict.lora;

/**
 * Adam as torch.optim.AdamW computes it, with its default betas and epsilon and without weight decay (as transformers'
 * defaults have it). Each element is computed in double precision and rounded once.
 */
public final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private AdamW() {}

    /** One step with this gradient and rate. */
    public static void step(LoraState state, float[] gradient, double rate) {
        state.stepped();
        double correction1 = 1 - StrictMath.pow(BETA1, state.steps());
        double correction2 = Math.sqrt(1 - StrictMath.pow(BETA2, state.steps()));
        float[] parameters = state.parameters();
        float[] mean = state.mean();
        float[] square = state.square();
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i];
            double m = BETA1 * mean[i] + (1 - BETA1) * g;
            double v = BETA2 * square[i] + (1 - BETA2) * g * g;
            mean[i] = (float) m;
            square[i] = (float) v;
            parameters[i] = (float) (parameters[i] - rate / correction1 * m / (Math.sqrt(v) / correction2 + EPSILON));
        }
    }
}
