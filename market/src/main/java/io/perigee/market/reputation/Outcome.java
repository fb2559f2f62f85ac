package io.perigee.market.reputation;

import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** One verified outcome; opinions and ratings are none. */
public record Outcome(JobId job, int attempt, Kind kind, Instant at) {

    /** How it ended. */
    public enum Kind {
        /** Checked by other owners and found right. */
        VERIFIED,
        /** Vanished, yielded late or was silent. */
        CRASHED,
        /** Proven wrong. */
        CHEATED
    }
}
