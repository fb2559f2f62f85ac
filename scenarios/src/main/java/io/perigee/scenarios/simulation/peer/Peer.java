package io.perigee.scenarios.simulation.peer;

import io.perigee.scenarios.simulation.Setting;
import io.perigee.scenarios.simulation.adversary.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A market that replicates whole jobs. Only its rule of acceptance is modelled, on the same strategies. */
abstract class Peer {
    private static final int HOSTS = 100;

    /** @param number what two hosts that forge alike share; -1 for an honest answer */
    record Answer(Host host, int number, double saved, double forged) {
        boolean isRight() {
            return number < 0;
        }
    }

    static final class Host {
        final boolean thief;
        int record;

        Host(boolean thief, int record) {
            this.thief = thief;
            this.record = record;
        }
    }

    private final Strategy strategy;
    final SplittableRandom random;
    private final List<Host> hosts = new ArrayList<>();
    final PeerTally tally = new PeerTally();

    Peer(Strategy strategy, double share, long seed) {
        this.strategy = strategy;
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(new Host(i < share * HOSTS, i % 4 < 2 ? 12 : 0));
        }
    }

    /** Runs one job until somebody's answer is accepted. */
    abstract void job();

    PeerTally live(int jobsPerHost) {
        for (int i = 0; i < HOSTS * jobsPerHost; i++) {
            job();
        }
        return tally;
    }

    Host another(List<Answer> not) {
        while (true) {
            var host = hosts.get(random.nextInt(HOSTS));
            if (not.stream().noneMatch(answer -> answer.host() == host)) {
                return host;
            }
        }
    }

    /** What a host says of a whole job. */
    Answer ask(Host host) {
        tally.runs++;
        if (!host.thief) {
            return new Answer(host, -1, 0, 0);
        }
        var conduct = strategy.run(0, 64, "host", random);
        // a part that nobody finishes is worth nothing to who replicates whole jobs
        double forged = conduct.vanishes() ? 0 : conduct.forgesOutputs() ? 1 : conduct.forgedIn(0, 64) / 64.0;
        int number = strategy.colludes() ? 0 : random.nextInt(Integer.MAX_VALUE);
        return new Answer(host, forged > 0 ? number : -1, forged > 0 ? conduct.saved() : 0, forged);
    }

    void paid(Answer answer) {
        if (!answer.isRight()) {
            tally.cheats++;
            tally.stolen += answer.forged();
            tally.gain += answer.saved() * Setting.COST;
        }
    }

    void refused(Answer answer, double stake) {
        if (!answer.isRight()) {
            tally.cheats++;
            tally.caught++;
            tally.gain += answer.saved() * Setting.COST - 1 - stake;
        } else {
            tally.honestPunished++;
        }
    }
}
