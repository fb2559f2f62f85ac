package io.perigee.scheduler.placing;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.FairShare;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs that want replicas, and by what they were given some. */
public interface PlacingQueue {
    /**
     * A choice that was made.
     *
     * @param facts how many facts the job had
     * @param asked the instant it was asked at
     * @param version the number of the last change of the book that was known
     * @param classes that were open to it; empty for a choice from before they were noted
     */
    record Placed(JobId job, int facts, Instant asked, long version, Optional<Set<Digest>> classes) {}

    /**
     * The jobs that want replicas of those nobody looked at since they want them, and of the named ones. Of each builder the
     * longest waiting, at most so many, so that nobody's jobs hide those of others.
     */
    List<FairShare.Claim> wanting(Tx tx, Set<JobId> named, int perBuilder);

    /** All jobs that want replicas. */
    Set<JobId> wanting(Tx tx);

    /** Audited jobs that lack auditors, those first that were submitted first; at most so many. */
    Set<JobId> lackingAuditors(Tx tx, int most);

    /** Notes that somebody looked at a job, though nothing could be decided about it. */
    void looked(Tx tx, JobId job, Instant now);

    /** What some builders' running attempts hold: one unit for each, or their GPUs where it has several. */
    Map<Address, Integer> held(Tx tx, Set<Address> builders);

    /** Notes by what a job's next facts were chosen. */
    void placed(Tx tx, Placed placed);

    /** Every choice that was made for a job, oldest first. */
    List<Placed> placements(Tx tx, JobId job);

    /** Everything that happened to a job, oldest first; empty when there is none. */
    List<Envelope> facts(Tx tx, JobId job);
}
