package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.peer.Boinc;
import io.perigee.scenarios.simulation.peer.PeerTally;
import io.perigee.scenarios.simulation.peer.Poco;
import io.perigee.scenarios.simulation.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** Lives many worlds on all processors. What they come to is added in the order of seeds, so it is always the same. */
public final class Simulation {
    /** After how many jobs of each owner shares of wrong work are compared. */
    public static final int HORIZON = 100;

    private static final int AT_ONCE = 500;

    private Simulation() {}

    /**
     * The rows, by share and strategy.
     *
     * @param lived hears how many worlds have come to their end
     */
    public static List<Row> run(Plan plan, IntConsumer lived) {
        var rows = new ArrayList<Row>();
        for (double share : plan.shares()) {
            plan.strategies().forEach(strategy -> rows.add(new Row(strategy, share)));
        }
        try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int done = 0; done < plan.seeds(); done += AT_ONCE) {
                int until = Math.min(plan.seeds(), done + AT_ONCE);
                for (var world : worlds(pool, plan, plan.first() + done, plan.first() + until)) {
                    rows.stream().filter(world::isLike).forEach(row -> row.add(world));
                }
                lived.accept(until);
            }
        }
        rows.removeIf(row -> row.tally().jobs == 0);
        return rows;
    }

    private static List<Row> worlds(ExecutorService pool, Plan plan, int from, int until) {
        var worlds = new ArrayList<Callable<Row>>();
        for (int seed = from; seed < until; seed++) {
            var setting = plan.world(seed);
            worlds.add(() -> world(setting));
        }
        var rows = new ArrayList<Row>();
        try {
            for (var future : pool.invokeAll(worlds)) {
                rows.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Expected to simulate seeds up to %d, but was interrupted".formatted(until), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Expected to simulate seeds up to %d, but one failed".formatted(until), e);
        }
        return rows;
    }

    /** Peers' rules know providers alone, so where none of them cheats there is nothing to compare. */
    private static Row world(Setting setting) {
        if (!setting.strategy().isOfProviders()) {
            return new Row(setting.strategy(), setting.share(), World.live(setting), new PeerTally(), new PeerTally());
        }
        return new Row(
                setting.strategy(),
                setting.share(),
                World.live(setting),
                Boinc.live(setting.strategy(), setting.share(), setting.seed(), HORIZON),
                Poco.live(setting.strategy(), setting.share(), setting.seed(), HORIZON));
    }
}
