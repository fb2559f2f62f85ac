package io.perigee.protocol.fact;

/** How an order of a builder ended for those who served it. */
public enum OrderOutcomeKind {
    /** Verified work, and the builder let it be paid: by its release, or by its silence until the window closed. */
    HONOURED,
    /** As many owners as the market asks for found the job itself at fault, or saw it make no progress. */
    FAULTY,
    /** It took a verified result to court, and the court said that the result holds. */
    REFUSED
}
