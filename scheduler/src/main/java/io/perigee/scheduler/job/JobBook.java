package io.perigee.scheduler.job;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.fact.Envelope;
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

    /** Locks those of the jobs that are known until the transaction ends, in the order of ids as everybody does. */
    void lockAll(Tx tx, Set<JobId> ids);

    /**
     * Appends facts to a locked job.
     *
     * @param before as it was locked
     * @param after with the facts applied
     * @param due when something happens by itself
     * @param wants how many replicas matching has to find
     */
    void append(Tx tx, StoredJob before, List<Envelope> facts, Job after, Optional<Instant> due, int wants);

    /** Notes that matching looked in vain. */
    void tried(Tx tx, JobId id, Instant now);

    /** Jobs whose time has come, the longest overdue first. */
    List<JobId> due(Tx tx, Instant now, int limit);

    Optional<Instant> nextDue(Tx tx);

    /** A job that waits for a block. */
    record Awaiting(JobId job, long block) {}

    /** Jobs that wait for a block up to a number, the lowest first. */
    List<Awaiting> awaitingBlock(Tx tx, long upTo, int limit);

    /** Jobs in which a provider has an attempt that is not over. */
    List<JobId> openJobsOf(Tx tx, ProviderId provider);
}
