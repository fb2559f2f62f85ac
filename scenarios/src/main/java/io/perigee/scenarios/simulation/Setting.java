package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;

/**
 * One world.
 *
 * @param share of the owners (of the builders, for strategies of theirs) that play the strategy
 * @param jobs how many jobs come for each owner
 * @param thievesAsk of whoever plays it; 0 for a little less than the others
 */
public record Setting(
        long seed, Strategy strategy, double share, int owners, int jobs, long thievesAsk, Sanctions sanctions) {
    /** Segments of a job. */
    static final int SEGMENTS = 64;

    static final int QUORUM = 2;
    /** Seconds one segment takes a machine of middling pace. */
    static final int SEGMENT_SECONDS = 60;

    static final int CHECKPOINT_EVERY = 8;
    /** What a job costs a provider, as a share of its price: R = 1.25 C. */
    public static final double COST = 0.8;

    public Setting(long seed, Strategy strategy, double share, int owners, int jobs) {
        this(seed, strategy, share, owners, jobs, 0, Sanctions.COURT);
    }

    /** The same world where thieves ask so much. */
    Setting asking(long thievesAsk) {
        return new Setting(seed, strategy, share, owners, jobs, thievesAsk, sanctions);
    }

    /** The same world under other rules. */
    Setting under(Sanctions other) {
        return new Setting(seed, strategy, share, owners, jobs, thievesAsk, other);
    }

    boolean hasCourt() {
        return sanctions == Sanctions.COURT;
    }

    /** How likely a machine vanishes in a run: a little always, a tenth where that is the story. */
    double outages() {
        return is(Strategies.OUTAGES) || is(Strategies.STORM) ? 0.10 : 0.01;
    }

    boolean acrossClasses() {
        return is(Strategies.NOISE) || is(Strategies.STORM);
    }

    boolean is(int number) {
        return strategy.number() == number;
    }
}
