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

    /** Whether one of its members asks the most and waits to be drawn as an auditor, and not the least to be asked to run. */
    default boolean waits(int member) {
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

    /** Half of a run's segments, without the last one, which is always drawn. */
    static BitSet half(int fromBorder, int toBorder) {
        return all((fromBorder + toBorder) / 2 - 1, toBorder - 1);
    }

    /** All borders of a run. */
    static BitSet all(int fromBorder, int toBorder) {
        var forged = new BitSet();
        forged.set(fromBorder + 1, toBorder + 1);
        return forged;
    }
}
