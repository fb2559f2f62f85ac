package io.perigee.protocol.fact;

/** Why an auditor does not sign a verdict. */
public enum VerdictRefusal {
    /** The auditor has not opened its own seal yet: it speaks first. */
    TOO_EARLY,
    /** The opening is not what the provider sealed, or its leaves do not give its root. */
    BAD_OPENING,
    /** At the auditor's border the provider's leaf is missing, or another than the auditor's. */
    LEAF_DIFFERS,
    /** The auditor derived other outputs. */
    OUTPUTS_DIFFER,
    /** The auditor gave another verdict for this assignment. */
    JUDGED_ALREADY
}
