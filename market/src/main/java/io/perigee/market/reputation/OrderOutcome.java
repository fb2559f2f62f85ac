package io.perigee.market.reputation;

import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** How one order of a builder ended for those who served it; opinions and ratings are none. */
public record OrderOutcome(JobId job, Kind kind, Instant at) {

    /** How it ended. */
    public enum Kind {
        /** Verified work, and the builder let it be paid: by its release, or by its silence until the window closed. */
        HONOURED,
        /** As many owners as the market asks for found the job itself at fault, or saw it make no progress. */
        FAULTY,
        /** It took a verified result to court, and the court said that the result holds. */
        REFUSED
    }
}
