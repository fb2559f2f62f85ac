package io.perigee.scenarios.simulation;

/** What somebody loses whose work fell, beside its pay. */
public enum Sanctions {
    /** A court's: the whole stake. It sits of itself wherever two differ, and checks with known answers are planted. */
    COURT,
    /**
     * The hub's, in any class but the strict one, where a bond burns too: nothing but its record. It is not placed while that
     * cheat weighs over a half, 90 days; what a majority of auditors says is what counts, and nobody goes to court.
     */
    HUB
}
