package io.perigee.scenarios.simulation;

import io.perigee.scenarios.simulation.adversary.Strategies;
import io.perigee.scenarios.simulation.peer.Boinc;
import io.perigee.scenarios.simulation.peer.Poco;
import io.perigee.scenarios.simulation.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Many worlds: seed after seed takes the next strategy, and after all of them the next share of attackers. */
public final class Simulation {
    private static final double[] SHARES = {0.10, 0.20, 0.30};
    private static final int PEER_JOBS = 100;

    private Simulation() {}

    /** The rows, by share and strategy. Worlds live on all processors; their sums are taken in order of seeds. */
    public static List<Row> run(int seeds, int owners, int jobs) {
        var lived = IntStream.range(0, seeds)
                .parallel()
                .mapToObj(seed -> world(seed, owners, jobs))
                .toList();
        var rows = new ArrayList<Row>();
        for (double share : SHARES) {
            for (var strategy : Strategies.ALL) {
                var row = new Row(strategy, share);
                lived.stream()
                        .filter(each -> each.strategy() == strategy && each.share() == share)
                        .forEach(row::add);
                if (row.tally().jobs > 0) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static Row world(int seed, int owners, int jobs) {
        int strategies = Strategies.ALL.size();
        var strategy = Strategies.ALL.get(seed % strategies);
        double share = SHARES[seed / strategies % SHARES.length];
        var row = new Row(
                strategy,
                share,
                World.live(new Setting(seed, strategy, share, owners, jobs)),
                Boinc.live(strategy, share, seed, PEER_JOBS),
                Poco.live(strategy, share, seed, PEER_JOBS));
        return row;
    }
}
