package io.perigee.scenarios.simulation.adversary;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** How somebody plays. What a strategy does not say, it does honestly. */
public interface Strategy {
    /** Its number in the list of strategies. */
    int number();

    String words();

    /** What it does with a run from a border to another. */
    default Conduct run(int fromBorder, int toBorder, String identity, RandomGenerator random) {
        return Conduct.honest();
    }

    default Auditing auditing() {
        return Auditing.HONEST;
    }

    /** Whether its members know each other and stand together. */
    default boolean colludes() {
        return false;
    }

    /** Whether it is providers that play it, and not builders or the weather. */
    default boolean isOfProviders() {
        return true;
    }

    /** Whether the hub is its friend, and keeps back the secret of a draw that would convict it. */
    default boolean isHubsFriend() {
        return false;
    }

    /** What an auditor of this strategy seals. */
    enum Auditing {
        /** The leaf it got. */
        HONEST,
        /** Anything, without running. */
        MADE_UP,
        /** What the group agreed to say against strangers. */
        ACCUSING,
        /** What a friend claims; the truth about everybody else. */
        FRIENDLY
    }

    /** All borders of a run. */
    static BitSet all(int fromBorder, int toBorder) {
        var forged = new BitSet();
        forged.set(fromBorder + 1, toBorder + 1);
        return forged;
    }
}
