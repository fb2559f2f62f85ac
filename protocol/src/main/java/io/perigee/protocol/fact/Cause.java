package io.perigee.protocol.fact;

/** Why a job ended without an accepted result. */
public enum Cause {
    /** The order is not what the builder signed, or not for this hub and spec. */
    INVALID_ORDER,
    /** The allotment did not cover the order. */
    FUNDING,
    /** No offer fitted in time. */
    QUEUE_DEADLINE,
    /** The order's time was used up while running. */
    RUN_DEADLINE,
    /** Openings never agreed. */
    NO_QUORUM,
    /** The container said the spec is wrong (64). */
    BAD_SPEC,
    /** The container said the data is wrong (65). */
    BAD_DATA,
    /** The container failed wherever it ran. */
    CONTAINER,
    /** It needs more memory than it asked for. */
    OUT_OF_MEMORY,
    /** Attempts were lost more often than the policy repeats them. */
    PROVIDERS_LOST,
    /** Nothing more fits into the order's maximum. */
    BUDGET,
    /** The builder cancelled. */
    CANCELLED
}
