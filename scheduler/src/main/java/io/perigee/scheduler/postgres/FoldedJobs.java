package io.perigee.scheduler.postgres;

import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.id.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jobs folded lately. Only what was read from committed facts is kept: a job as a transaction left it is not, because
 * the transaction may still fail and another may write other facts under the same numbers.
 */
final class FoldedJobs {
    private static final int MOST = 2_048;

    /** A fold and how many facts are in it. */
    record Folded(int version, @Nullable Job job) {}

    private static final Folded NOTHING = new Folded(0, null);

    private final Map<JobId, Folded> jobs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Folded> eldest) {
            return size() > MOST;
        }
    };

    /** The fold with the most facts, but no more than so many. */
    synchronized Folded upTo(JobId id, int version) {
        var folded = jobs.getOrDefault(id, NOTHING);
        return folded.version() <= version ? folded : NOTHING;
    }

    synchronized void keep(JobId id, int version, Job job) {
        jobs.put(id, new Folded(version, job));
    }
}
