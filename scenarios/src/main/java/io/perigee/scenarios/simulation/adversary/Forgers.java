package io.perigee.scenarios.simulation.adversary;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Who commits to work that was not done as ordered. */
final class Forgers {
    private Forgers() {}

    /** Forges every segment and saves a share of the work. */
    record Whole(int number, String words, double saved) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.all(from, to), saved, identity);
        }
    }

    /** Runs honestly up to a share of the way, and forges the rest. */
    record Tail(int number, String words, double honestShare, double savedOfRest) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            int last = from + (int) ((to - from) * honestShare);
            return Conduct.forging(Strategy.all(last, to), (1 - honestShare) * savedOfRest, identity);
        }
    }

    /** One segment, anywhere: sampling finds it once in n/k jobs, and the full audit always. */
    record Poison(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            var forged = new BitSet();
            forged.set(from + 1 + random.nextInt(to - from));
            return Conduct.forging(forged, 1.0 / (to - from), identity);
        }
    }

    /** All of the group forge alike and speak for each other. */
    record Sybils(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.all(from, to), 1, "the group");
        }

        @Override
        public Auditing auditing() {
            return Auditing.FRIENDLY;
        }

        @Override
        public boolean colludes() {
            return true;
        }
    }

    /**
     * Forges half of the segments and counts on friends among the auditors.
     *
     * @param split one of them runs, and the others wait to audit it
     */
    record Befriended(int number, String words, boolean split) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(Strategy.half(from, to), 0.5, "the group");
        }

        @Override
        public Auditing auditing() {
            return Auditing.FRIENDLY;
        }

        @Override
        public boolean colludes() {
            return true;
        }

        @Override
        public boolean waits(int member) {
            return split && member > 0;
        }
    }

    /** Forges one segment, and its friends wait to audit it. */
    record BefriendedPoison(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            var forged = new BitSet();
            forged.set(from + 1 + random.nextInt(to - from));
            return Conduct.forging(forged, 1.0 / (to - from), "the group");
        }

        @Override
        public Auditing auditing() {
            return Auditing.FRIENDLY;
        }

        @Override
        public boolean colludes() {
            return true;
        }

        @Override
        public boolean waits(int member) {
            return member > 0;
        }
    }

    /** Every leaf is right, and the outputs are not. */
    record Outputs(int number, String words) implements Strategy {
        @Override
        public Conduct run(int from, int to, String identity, RandomGenerator random) {
            return Conduct.forging(new BitSet(), 0, identity).forgingOutputs();
        }
    }
}
