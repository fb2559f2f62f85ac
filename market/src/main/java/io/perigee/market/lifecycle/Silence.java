package io.perigee.market.lifecycle;

/**
 * What was due of an attempt when it ended, as far as that says why it was silent. How long an upload may take is the
 * builder's word, and so is how large it is: in too short a time an honest line cannot do it.
 */
public enum Silence {
    /** Nothing that it would have been worth to withhold. */
    NONE,
    /** The opening of its seal, in less time than an honest line may need for the outputs. */
    HURRIED_OPENING,
    /** Checkpoints that were drawn, in less time than an honest line may need for them. */
    HURRIED_CHECKPOINTS,
    /** Checkpoints that were drawn, and that an honest line could have served. */
    UNSERVED,
    /** Nothing: its auditors said three different things of it. */
    UNDECIDED
}
