package io.perigee.protocol.fact;

/** How an attempt ended. */
public enum AttemptEnd {
    /** Its opening agreed with the quorum. */
    VERIFIED,
    /** Its opening contradicted the quorum, or did not match its seal. */
    REJECTED,
    /** Silent past a deadline. */
    LOST,
    /** The provider stopped by its own will and kept what was sealed. */
    YIELDED,
    /** The work failed; the failure kind says whose fault it was. */
    FAILED,
    /** Not accepted. */
    DECLINED,
    /** The job no longer needs it. */
    CANCELLED
}
