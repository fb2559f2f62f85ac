package io.perigee.market.verification;

import java.util.List;

/** What the votes of a job's replicas amount to. */
public sealed interface Verdict {

    /**
     * A quorum of distinct owners gave one answer and nobody is running any more.
     *
     * @param winners attempts that gave it
     * @param contradictors attempts that gave another result for the same borders
     */
    record Agreed(Answer answer, List<Integer> winners, List<Integer> contradictors) implements Verdict {
        public Agreed {
            winners = List.copyOf(winners);
            contradictors = List.copyOf(contradictors);
        }
    }

    /** Replicas are running; whatever they say may still change the verdict. */
    record Await() implements Verdict {}

    /**
     * Replicas are missing: not yet placed, lost, or declined.
     *
     * @param necessary false when those running can reach the quorum by themselves
     */
    record More(int count, boolean necessary) implements Verdict {}

    /** Everybody has answered and the answers differ: one more replica has to decide. */
    record Split(List<Integer> attempts) implements Verdict {
        public Split {
            attempts = List.copyOf(attempts);
        }
    }

    /** No further replica that could be paid would make a quorum. */
    record Hopeless(List<Integer> attempts) implements Verdict {
        public Hopeless {
            attempts = List.copyOf(attempts);
        }
    }
}
