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
 * @param lastBorder the border after which it falls silent
 * @param forgesOutputs whether the outputs are not those of its last checkpoint
 */
public record Conduct(
        BitSet forged,
        double saved,
        String flavour,
        boolean seals,
        boolean reveals,
        boolean servesForgeries,
        int lastBorder,
        boolean forgesOutputs) {
    /** It does not fall silent. */
    public static final int TO_THE_END = Integer.MAX_VALUE;

    private static final Conduct HONEST = forging(new BitSet(), 0, "");

    public static Conduct honest() {
        return HONEST;
    }

    public static Conduct forging(BitSet forged, double saved, String flavour) {
        return new Conduct(forged, saved, flavour, true, true, true, TO_THE_END, false);
    }

    Conduct copyingSeals() {
        return new Conduct(forged, saved, flavour, false, reveals, servesForgeries, lastBorder, forgesOutputs);
    }

    Conduct mute() {
        return new Conduct(forged, saved, flavour, seals, false, servesForgeries, lastBorder, forgesOutputs);
    }

    Conduct unserving() {
        return new Conduct(forged, saved, flavour, seals, reveals, false, lastBorder, forgesOutputs);
    }

    Conduct forgingOutputs() {
        return new Conduct(forged, saved, flavour, seals, reveals, servesForgeries, lastBorder, true);
    }

    Conduct vanishingAfter(int border) {
        return new Conduct(forged, saved, flavour, seals, reveals, servesForgeries, border, forgesOutputs);
    }

    public boolean vanishes() {
        return lastBorder != TO_THE_END;
    }

    public boolean cheats() {
        return !forged.isEmpty() || forgesOutputs || saved > 0 || !seals || !reveals;
    }

    /** How many of the segments after one border up to another are forged. */
    public int forgedIn(int fromBorder, int toBorder) {
        return forged.get(fromBorder + 1, toBorder + 1).cardinality();
    }
}
