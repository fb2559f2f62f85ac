package io.perigee.market.estimate;

import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Objective;

/**
 * The arithmetic of a step, as {@code trainers/lora}'s {@code estimate} counts it; offers say their speed in the same unit.
 * Forward is 2 a weight and token; backward is 2 more for the gradient of what flows and, where weights are trained, 2 for
 * theirs. Checkpointing repeats the layers' forward.
 */
final class Operations {
    private Operations() {}

    static double perStep(ModelShape base, JobSpec.Method method, JobSpec.Train train) {
        double head = method.kind() == MethodKind.FULL ? 6 : 4;
        double passes = head + (train.gradCheckpointing() ? 2 : 0) + (dpo(train) ? 2 : 0);
        double rows = (double) train.microBatch() * train.gradAccum() * (dpo(train) ? 2 : 1);
        double tokens = rows * train.seqLen();
        double layers = passes * base.linearParameters() * tokens;
        double attention = (passes + 2) * base.layers() * 2 * base.queryWidth() * train.seqLen() * tokens;
        return layers + attention + head * base.vocabulary() * base.width() * tokens;
    }

    private static boolean dpo(JobSpec.Train train) {
        return train.objective() == Objective.DPO;
    }
}
