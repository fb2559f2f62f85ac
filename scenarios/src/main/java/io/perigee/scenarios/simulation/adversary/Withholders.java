package io.perigee.scenarios.simulation.adversary;

import java.util.random.RandomGenerator;

/** Who hopes that what is not shown cannot convict. */
final class Withholders {
    private Withholders() {}

    /** Commits to a stranger's seal. */
    record Copycat(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return new Conduct(Strategy.all(from, to), 1, identity, false, true, true);
        }
    }

    /** Commits to nothing and never opens. */
    record Mute(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return new Conduct(Strategy.all(from, to), 1, identity, true, false, true);
        }
    }

    /** Forges half and does not serve the checkpoint when a forged segment is drawn. */
    record Unserving(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return new Conduct(Strategy.all((from + to) / 2, to), 0.5, identity, true, true, false);
        }
    }
}
