package io.perigee.scenarios.simulation.peer;

import io.perigee.scenarios.simulation.adversary.Strategy;
import java.util.ArrayList;
import java.util.HashMap;

/**
 * iExec's Proof-of-Contribution at trust 10: a worker weighs max(score/3, 3) − 1, weights of equal answers multiply, and
 * the best group is taken when best · trust > (1 + Σ groups) · (trust − 1). A replicated success adds one to the score, a
 * failure takes a third of it and the stake of three tenths of the price.
 */
public final class Poco extends Peer {
    private static final int TRUST = 10;
    private static final double STAKE = 0.3;

    private Poco(Strategy strategy, double share, long seed) {
        super(strategy, share, seed);
    }

    public static PeerTally live(Strategy strategy, double share, long seed, int jobsPerHost) {
        return new Poco(strategy, share, seed).live(jobsPerHost);
    }

    @Override
    void job() {
        tally.jobs++;
        var answers = new ArrayList<Answer>();
        var weights = new HashMap<Integer, Double>();
        while (true) {
            var next = ask(another(answers));
            answers.add(next);
            weights.merge(next.number(), Math.max(next.host().record / 3.0, 3) - 1, (a, b) -> a * b);
            double total = 1
                    + weights.values().stream().mapToDouble(Double::doubleValue).sum();
            for (var group : weights.entrySet()) {
                if (group.getValue() * TRUST > total * (TRUST - 1)) {
                    answers.forEach(each -> judge(each, each.number() == group.getKey(), answers.size() > 1));
                    return;
                }
            }
        }
    }

    private void judge(Answer answer, boolean right, boolean replicated) {
        if (right) {
            answer.host().record += replicated ? 1 : 0;
            paid(answer);
        } else {
            answer.host().record = answer.host().record * 2 / 3;
            refused(answer, STAKE);
        }
    }
}
