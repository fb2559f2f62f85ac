package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.adversary.Strategy;
import java.util.List;

/**
 * Which worlds live. One seed after the other takes the next strategy, and after all of them the next
 * share. A seed is a whole world, and always the same one.
 *
 * @param first the first seed
 * @param owners of each world
 * @param jobs for each owner
 * @param shares of attackers
 */
public record Plan(
        int first,
        int seeds,
        int owners,
        int jobs,
        List<Strategy> strategies,
        List<Double> shares,
        Sanctions sanctions) {
    private static final List<Double> SHARES = List.of(0.10, 0.20, 0.30);

    public Plan {
        atLeast("seeds", seeds, 1);
        atLeast("owners", owners, 20);
        atLeast("jobs", jobs, 1);
        strategies = List.copyOf(strategies);
        shares = List.copyOf(shares);
    }

    /** Every strategy at every share. */
    public static Plan of(int seeds, int owners, int jobs) {
        return new Plan(0, seeds, owners, jobs, Strategies.ALL, SHARES, Sanctions.COURT);
    }

    /** As many seeds from another one on, so that a long run can be done in parts. */
    public Plan from(int seed) {
        return new Plan(seed, seeds, owners, jobs, strategies, shares, sanctions);
    }

    public Plan only(Strategy strategy) {
        return new Plan(first, seeds, owners, jobs, List.of(strategy), shares, sanctions);
    }

    public Plan only(double share) {
        if (share <= 0 || share > 0.5) {
            throw new IllegalArgumentException("Expected a share of attackers up to 50 %, but got " + share);
        }
        return new Plan(first, seeds, owners, jobs, strategies, List.of(share), sanctions);
    }

    /** The same worlds under other rules. */
    public Plan under(Sanctions other) {
        return new Plan(first, seeds, owners, jobs, strategies, shares, other);
    }

    /** The world of a seed. */
    public Setting world(int seed) {
        var strategy = strategies.get(seed % strategies.size());
        double share = shares.get(seed / strategies.size() % shares.size());
        return new Setting(seed, strategy, share, owners, jobs).under(sanctions);
    }

    private static void atLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("Expected at least %d %s, but got %d".formatted(least, what, value));
        }
    }
}
