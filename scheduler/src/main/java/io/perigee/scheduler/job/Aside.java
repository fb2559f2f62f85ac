package io.perigee.scheduler.job;

import io.perigee.protocol.id.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs about which nothing could be decided. Each is looked at again after a pause that doubles with each fault, so that it
 * neither hides the others nor takes their time, and goes on by itself once it can be decided about.
 *
 * <p>Used by one thread.
 */
public final class Aside {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 9;

    /** So many are remembered; whoever is forgotten begins with the shortest pause again. */
    private static final int MOST = 10_000;

    private record Fault(int number, Instant until) {}

    private final Map<JobId, Fault> faults = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Fault> eldest) {
            return size() > MOST;
        }
    };

    /**
     * A job could not be decided about.
     *
     * @return until when it is left alone
     */
    public Instant put(JobId job, Instant now) {
        var before = Optional.ofNullable(faults.remove(job)).map(Fault::number).orElse(0);
        var until = now.plus(SHORTEST.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS)));
        faults.put(job, new Fault(before + 1, until));
        return until;
    }

    /** Whether it is still left alone. */
    public boolean holds(JobId job, Instant now) {
        return Optional.ofNullable(faults.get(job))
                .filter(fault -> now.isBefore(fault.until()))
                .isPresent();
    }

    /** It could be decided about. */
    public void release(JobId job) {
        faults.remove(job);
    }
}
