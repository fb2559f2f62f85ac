package io.perigee.scenarios.simulation.adversary;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Who hopes that what is not shown cannot convict. */
final class Withholders {
    /** Where all of a group forge. */
    private static final int SAME = 32;

    private Withholders() {}

    /** Commits to a stranger's seal. */
    record Copycat(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.all(from, to), 1, identity).copyingSeals();
        }
    }

    /** Commits to nothing and never opens. */
    record Mute(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.all(from, to), 1, identity).mute();
        }
    }

    /** Forges half and does not serve the checkpoint when a forged segment is drawn. */
    record Unserving(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.half(from, to), 0.5, identity).unserving();
        }
    }

    /**
     * Of a group that forges one and the same segment of a job: where it is drawn they do not serve it, and whoever of them
     * comes next says the same.
     */
    record Patient(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            var forged = new BitSet();
            forged.set(Math.max(from + 1, Math.min(to, SAME)));
            return Conduct.forging(forged, 1.0 / (to - from), "the group").unserving();
        }

        @Override
        public boolean colludes() {
            return true;
        }
    }

    /** Works for a quarter of the way, forges another, and vanishes: less is drawn of a part than of the whole. */
    record Vanishing(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            int half = (from + to) / 2;
            return Conduct.forging(Strategy.all((from + half) / 2, half), 0.5, identity)
                    .vanishingAfter(half);
        }
    }

    /** Forges half; where the draw finds it, the hub does not open the secret. */
    record Shielded(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.half(from, to), 0.5, identity);
        }

        @Override
        public boolean isHubsFriend() {
            return true;
        }
    }
}
