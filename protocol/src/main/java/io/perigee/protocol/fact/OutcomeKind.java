package io.perigee.protocol.fact;

/** How a run ended, as far as it says something of who ran it. */
public enum OutcomeKind {
    /** Checked by other owners and found right. */
    VERIFIED,
    /** Did not bring it to its end: it vanished, was silent, failed by itself, or stopped by its own will. */
    CRASHED,
    /**
     * Nobody knows whether it was right: it was silent once its segments were drawn, or auditors said another thing than it
     * and then another run said the same.
     */
    DOUBTED,
    /** Proven wrong. */
    CHEATED
}
