package io.perigee.scheduler.job;

import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Until when it is heard what others say of a job: an answer that waits in the log is no silence, nor is that of who cannot speak. */
@FunctionalInterface
public interface Hearing {
    /**
     * Looks how far the log is read. Called every few seconds, also when nothing hangs on it, so that a time in which nobody
     * heard is noticed.
     *
     * @param now as deadlines have it
     * @param matters whether a job waits for the answer
     * @return for each job, up to which instant all is heard that was said of it; empty while nobody's time may be up, or when
     *     it did not look because nothing matters
     * @throws io.perigee.eventlog.TryLater while nobody hears
     */
    Optional<Function<JobId, Instant>> listen(Instant now, boolean matters);
}
