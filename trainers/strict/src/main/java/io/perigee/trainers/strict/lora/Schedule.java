package io.perigee.trainers.strict.lora;

import io.perigee.trainers.strict.job.TrainingJob.Train;

/** The learning rate of a step, as transformers' {@code get_scheduler} gives it (so the first warm-up step has rate 0). */
public final class Schedule {
    private Schedule() {}

    /** The rate of the step after {@code done} steps. */
    public static double rate(Train train, int done) {
        if (done < train.warmupSteps()) {
            return train.lr() * ((double) done / train.warmupSteps());
        }
        double left = train.steps() - train.warmupSteps();
        return train.lr()
                * switch (train.scheduler()) {
                    case CONSTANT -> 1.0;
                    case LINEAR -> Math.max(0, (train.steps() - done) / Math.max(1, left));
                    case COSINE ->
                        Math.max(
                                0,
                                0.5
                                        * (1
                                                + StrictMath.cos(
                                                        Math.PI * ((done - train.warmupSteps()) / Math.max(1, left)))));
                };
    }
}
