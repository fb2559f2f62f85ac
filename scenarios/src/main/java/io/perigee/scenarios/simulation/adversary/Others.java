package io.perigee.scenarios.simulation.adversary;

/** Auditors that do not audit, builders that do not play fair, and honest people with bad luck. */
final class Others {
    private Others() {}

    /** @param runners how many of its members want to run; the others wait to audit */
    record Auditor(int number, String words, Auditing auditing, boolean colludes, int runners) implements Strategy {
        @Override
        public boolean waits(int member) {
            return member >= runners;
        }
    }

    /** Everybody runs honestly; what is special is in the world around them. */
    record Bystander(int number, String words) implements Strategy {
        @Override
        public boolean isOfProviders() {
            return false;
        }
    }
}
