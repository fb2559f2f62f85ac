package io.perigee.protocol.fact;

/** How a run ended, as far as it says something of who ran it. */
public enum OutcomeKind {
    /** Checked by other owners and found right. */
    VERIFIED,
    /** Vanished, yielded late or was silent. */
    CRASHED,
    /** Proven wrong. */
    CHEATED
}
