package io.perigee.scheduler.job;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The facts of every job, in order. Whoever decides about a job holds its lock from the reading to the commit, so
 * there is one decider at a time however many schedulers run.
 */
public interface JobBook {
    /** Makes room for a job that may be new; nothing when it is known. */
    void open(Tx tx, JobId id, String builder, String trace);

    /** Locks a job until the transaction ends, and reads it; empty when it is unknown. */
    Optional<StoredJob> lock(Tx tx, JobId id);

    /**
     * Locks those of the jobs that are known until the transaction ends, in the order of ids as everybody does, and reads them:
     * {@link #lock} then has nothing to wait for.
     */
    void lockAll(Tx tx, Set<JobId> ids);

    /**
     * Appends facts to a locked job. They are stored with the commit; until then this book alone knows of them.
     *
     * @param before as it was locked
     * @param after with the facts applied
     * @param due when something happens by itself
     * @param wants how many replicas matching has to find
     */
    void append(Tx tx, StoredJob before, List<WrittenFact> facts, Job after, Optional<Instant> due, int wants);

    /** Notes that matching looked in vain for a job that is locked. */
    void tried(Tx tx, JobId id, Instant now);

    /** A job and when something happens to it by itself. */
    record Due(JobId job, Instant at) {}

    /**
     * Jobs whose time has come, the longest overdue first.
     *
     * @param after the last of those that came before; empty for the first
     */
    List<Due> due(Tx tx, Optional<Due> after, Instant now, int limit);

    Optional<Instant> nextDue(Tx tx);

    /** What would happen to a job by itself happens later, or never; nothing when its time has not come by now. */
    void plan(Tx tx, JobId id, Instant now, Optional<Instant> due);

    /** A job that waits for a block. */
    record Awaiting(JobId job, long block) {}

    /**
     * Jobs that wait for a block up to a number, the lowest first.
     *
     * @param after the last of those that came before; empty for the first
     */
    List<Awaiting> awaitingBlock(Tx tx, Optional<Awaiting> after, long upTo, int limit);

    /** Jobs in which a provider has an attempt that is not over. */
    List<JobId> openJobsOf(Tx tx, ProviderId provider);
}
