package io.perigee.scenarios.simulation.report;

import io.perigee.scenarios.simulation.Tally;
import io.perigee.scenarios.simulation.adversary.Strategy;
import io.perigee.scenarios.simulation.peer.PeerTally;

/** One strategy at one share of the owners, under the market's rules and two others'. */
public record Row(Strategy strategy, double share, Tally tally, PeerTally boinc, PeerTally poco) {
    public Row(Strategy strategy, double share) {
        this(strategy, share, new Tally(), new PeerTally(), new PeerTally());
    }

    public void add(Row other) {
        tally.add(other.tally);
        boinc.add(other.boinc);
        poco.add(other.poco);
    }

    /** Whether both are about the same. */
    public boolean isLike(Row other) {
        return strategy == other.strategy && share == other.share;
    }

    /** Whether providers forge in it, which is all that the other rules know of. */
    public boolean isForged() {
        return strategy.isOfProviders() && !Double.isNaN(boinc.gainPerCheat());
    }
}
