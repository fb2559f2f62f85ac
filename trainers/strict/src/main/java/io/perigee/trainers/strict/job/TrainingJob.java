package io.perigee.trainers.strict.job;

import java.util.List;

/**
 * What the canonical spec asks of a trainer. Everything else in the spec is other people's business.
 *
 * @param rows the one form of row the order allows, or any
 * @param cpus processors the job asked for
 * @param memory bytes the job asked for; 0 when it does not say
 */
public record TrainingJob(
        String base, Method method, Train train, RowForm rows, int stepsPerSegment, int cpus, long memory) {

    /** Low-rank adaptation of the named projections. */
    public record Method(int rank, double alpha, double dropout, List<Target> targets) {
        public Method {
            targets = List.copyOf(targets);
        }

        /** What the product of the two small matrices is multiplied with. */
        public double scaling() {
            return alpha / rank;
        }
    }

    /** How long and how fast to train. */
    public record Train(
            int steps,
            int microBatch,
            int gradAccum,
            int seqLen,
            double lr,
            Scheduler scheduler,
            int warmupSteps,
            long seed) {

        /** Rows of one optimiser step. */
        public int rowsPerStep() {
            return microBatch * gradAccum;
        }
    }

    /** The same job, to be looked at instead of trained. */
    public TrainingJob withoutDropout() {
        return new TrainingJob(
                base,
                new Method(method.rank(), method.alpha(), 0, method.targets()),
                train,
                rows,
                stepsPerSegment,
                cpus,
                memory);
    }

    /** The border after the last step; border 0 is before the first. */
    public int lastBorder() {
        return Math.ceilDiv(train.steps(), stepsPerSegment);
    }

    /** Steps done at a border. */
    public int stepsAt(int border) {
        return (int) Math.min(train.steps(), (long) border * stepsPerSegment);
    }
}
