package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.State;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.JobId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jobs folded lately, as many as there is memory for: a long audited job is some hundred times one that was just submitted.
 * Only folds of committed facts are kept: a transaction that is open may still fail, and another may write other facts under
 * the same numbers.
 */
final class FoldedJobs {
    /** The share of the heap that the facts may be long whose folds are kept; folds take about as much (0.9 to 1.2 measured). */
    private static final int SHARE = 4;

    private static final String FACTS = """
      SELECT f.job_id, f.at, f.envelope FROM unnest($1::uuid[], $2::integer[]) AS known (id, version)
      JOIN job_fact f ON f.job_id = known.id AND f.seq > known.version
      WHERE f.job_id = ANY($1) ORDER BY f.job_id, f.seq
      """;

    /**
     * A fold.
     *
     * @param version how many facts are in it
     * @param bytes how long they are
     */
    record Folded(int version, @Nullable Job job, long bytes) {}

    static final Folded NOTHING = new Folded(0, null, 0);

    private final long mostBytes;
    private final Map<JobId, Folded> jobs = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    FoldedJobs() {
        this(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** @param mostBytes of facts whose folds are kept */
    FoldedJobs(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Jobs as so many of their facts make them, read as far as they are not known.
     *
     * @param versions of jobs that this transaction has locked and not changed
     */
    Map<JobId, Folded> read(Tx tx, Map<JobId, Integer> versions) {
        Map<JobId, Folded> folds = new HashMap<>();
        List<JobId> behind = new ArrayList<>();
        versions.forEach((id, version) -> {
            var known = upTo(id, version);
            folds.put(id, known);
            if (known.version() < version) {
                behind.add(id);
            }
        });
        if (!behind.isEmpty()) {
            bringUp(tx, behind, folds);
        }
        folds.forEach((id, fold) -> {
            if (fold.version() != versions.getOrDefault(id, 0)) {
                throw new IllegalStateException("Expected job '%s' to have %d facts, but it has %d"
                        .formatted(id, versions.getOrDefault(id, 0), fold.version()));
            }
        });
        return folds;
    }

    private static void bringUp(Tx tx, List<JobId> behind, Map<JobId, Folded> folds) {
        var known = behind.stream()
                .map(id -> folds.getOrDefault(id, NOTHING).version())
                .toArray(Integer[]::new);
        for (var row : tx.query(FACTS, HeldJobs.ids(behind), known)) {
            var id = new JobId(row.uuid("job_id"));
            var before = folds.getOrDefault(id, NOTHING);
            var json = row.string("envelope").getBytes(StandardCharsets.UTF_8);
            var envelope = Envelope.ofJson(json);
            var job = Job.apply(before.job(), (JobFact) envelope.body(), envelope.at());
            folds.put(id, new Folded(before.version() + 1, job, before.bytes() + json.length));
        }
    }

    /** The fold with the most facts, but no more than so many. */
    private synchronized Folded upTo(JobId id, int version) {
        var folded = jobs.getOrDefault(id, NOTHING);
        return folded.version() <= version ? folded : NOTHING;
    }

    /** Notes a job as a transaction has committed it; what is decided is settlement's, and seldom asked for. */
    synchronized void keep(JobId id, Folded fold) {
        forget(id);
        if (fold.job() != null && fold.bytes() <= mostBytes && !isDecided(fold.job())) {
            jobs.put(id, fold);
            bytes += fold.bytes();
            while (bytes > mostBytes) {
                forget(jobs.keySet().iterator().next());
            }
        }
    }

    /** Whether a job's fold is kept. */
    synchronized boolean holds(JobId id) {
        return jobs.containsKey(id);
    }

    private void forget(JobId id) {
        var folded = jobs.remove(id);
        bytes -= folded == null ? 0 : folded.bytes();
    }

    private static boolean isDecided(Job job) {
        return switch (job.state()) {
            case State.Decided _, State.Settled _ -> true;
            case State.Submitted _,
                    State.Funded _,
                    State.Queued _,
                    State.Active _,
                    State.Auditing _,
                    State.Disputed _,
                    State.Closing _ -> false;
        };
    }
}
