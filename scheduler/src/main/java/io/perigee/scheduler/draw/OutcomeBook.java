package io.perigee.scheduler.draw;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import java.time.Instant;

/** What owners have shown, read from verified outcomes alone. */
public interface OutcomeBook {
    /** An owner's record in a numeric class with a family of images; a newcomer's when there is none. */
    Reputation reputation(Tx tx, Field field, Instant now);
}
