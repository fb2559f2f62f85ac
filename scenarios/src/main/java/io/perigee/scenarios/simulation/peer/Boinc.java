package io.perigee.scenarios.simulation.peer;

import io.perigee.scenarios.simulation.adversary.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * BOINC's adaptive replication: a host with v ≥ 10 consecutive valid results is believed unchecked with probability
 * 1 − 1/v; otherwise two must agree. Only checked results count, and an invalid one starts at zero. There is no stake.
 */
public final class Boinc extends Peer {
    private static final int TRUSTED_FROM = 10;

    private Boinc(Strategy strategy, double share, long seed) {
        super(strategy, share, seed);
    }

    public static PeerTally live(Strategy strategy, double share, long seed, int jobsPerHost) {
        return new Boinc(strategy, share, seed).live(jobsPerHost);
    }

    @Override
    void job() {
        tally.jobs++;
        var first = ask(another(List.of()));
        int valid = first.host().record;
        if (valid >= TRUSTED_FROM && random.nextDouble() > 1.0 / valid) {
            paid(first);
            return;
        }
        var answers = new ArrayList<>(List.of(first));
        while (true) {
            var next = ask(another(answers));
            var agreeing = answers.stream()
                    .filter(each -> each.number() == next.number())
                    .findFirst();
            answers.add(next);
            if (agreeing.isPresent()) {
                answers.forEach(each -> judge(each, each.number() == next.number()));
                return;
            }
        }
    }

    private void judge(Answer answer, boolean valid) {
        if (valid) {
            answer.host().record++;
            paid(answer);
        } else {
            answer.host().record = 0;
            refused(answer, 0);
        }
    }
}
