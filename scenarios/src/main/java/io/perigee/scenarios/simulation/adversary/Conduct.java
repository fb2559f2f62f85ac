package io.perigee.scenarios.simulation.adversary;

import java.util.BitSet;

/**
 * What a provider does with a run.
 *
 * @param forged borders whose leaf is not that of an honest run
 * @param saved the share of the run's work it does not do
 * @param flavour what its forgeries look like; members of a group forge alike
 * @param seals false when it commits to a seal it has not made itself
 * @param reveals whether it opens what it committed
 * @param servesForgeries whether it serves a checkpoint that would convict it
 */
public record Conduct(
        BitSet forged, double saved, String flavour, boolean seals, boolean reveals, boolean servesForgeries) {
    private static final BitSet NOTHING = new BitSet();

    public static Conduct honest() {
        return new Conduct(NOTHING, 0, "", true, true, true);
    }

    public static Conduct forging(BitSet forged, double saved, String flavour) {
        return new Conduct(forged, saved, flavour, true, true, true);
    }

    public boolean cheats() {
        return !forged.isEmpty() || saved > 0 || !seals || !reveals;
    }

    /** How many of the segments after one border up to another are forged. */
    public int forgedIn(int fromBorder, int toBorder) {
        return forged.get(fromBorder + 1, toBorder + 1).cardinality();
    }
}
