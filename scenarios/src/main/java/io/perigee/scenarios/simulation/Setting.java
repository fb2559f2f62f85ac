package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;

/**
 * One world.
 *
 * @param share of the owners (of the builders, for strategies of theirs) that play the strategy
 * @param jobs how many jobs come for each owner
 * @param thievesAsk of whoever plays it; 0 for what its role is
 * @param doubled which share of the messages comes twice
 * @param isStormy whether a tenth of all machines vanish in a run, whatever the strategy
 */
public record Setting(
        long seed,
        Strategy strategy,
        double share,
        int owners,
        int jobs,
        long thievesAsk,
        Sanctions sanctions,
        double doubled,
        boolean isStormy) {
    private static final double DOUBLED = 0.02;

    /** Segments of a job. */
    static final int SEGMENTS = 64;

    static final int QUORUM = 2;
    /** Seconds one segment takes a machine of middling pace. */
    static final int SEGMENT_SECONDS = 60;

    static final int CHECKPOINT_EVERY = 8;
    /** What a job costs a provider, as a share of its price: R = 1.25 C. */
    public static final double COST = 0.8;

    public Setting(long seed, Strategy strategy, double share, int owners, int jobs) {
        this(seed, strategy, share, owners, jobs, 0, Sanctions.COURT, DOUBLED, false);
    }

    /** The same world where thieves ask so much. */
    Setting asking(long thievesAsk) {
        return new Setting(seed, strategy, share, owners, jobs, thievesAsk, sanctions, doubled, isStormy);
    }

    /** The same world where so many messages come twice. */
    Setting doubling(double share) {
        return new Setting(seed, strategy, this.share, owners, jobs, thievesAsk, sanctions, share, isStormy);
    }

    /** The same world where a tenth of all machines vanish in a run. */
    Setting inAStorm() {
        return new Setting(seed, strategy, share, owners, jobs, thievesAsk, sanctions, doubled, true);
    }

    /** The same world under other rules. */
    Setting under(Sanctions other) {
        return new Setting(seed, strategy, share, owners, jobs, thievesAsk, other, doubled, isStormy);
    }

    boolean hasCourt() {
        return sanctions == Sanctions.COURT;
    }

    /** How likely a machine vanishes in a run: a little always, a tenth where that is the story. */
    double outages() {
        return isStormy || is(Strategies.OUTAGES) || is(Strategies.STORM) ? 0.10 : 0.01;
    }

    boolean acrossClasses() {
        return is(Strategies.NOISE) || is(Strategies.STORM);
    }

    boolean is(int number) {
        return strategy.number() == number;
    }
}
