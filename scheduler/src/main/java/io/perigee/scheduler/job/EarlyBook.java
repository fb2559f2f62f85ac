package io.perigee.scheduler.job;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;

/** What was said of jobs before they were known, in the order it came. */
public interface EarlyBook {
    /** A record that waits for its job. */
    record Early(long number, JobId job, Envelope envelope) {}

    /**
     * Keeps a record until its job is known.
     *
     * @throws io.perigee.eventlog.TryLater when too much is kept already
     */
    void keep(Tx tx, JobId job, Envelope envelope, Instant now);

    /** Records whose job is known by now, or that came before an instant; at most so many, behind a number. */
    List<Early> ripe(Tx tx, long after, Instant before, int limit);

    /** Takes a record; false when another scheduler has it. */
    boolean take(Tx tx, long number);

    /** Whether something is kept that came after an instant. */
    boolean isAwaited(Tx tx, Instant after);
}
