package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.StoredJob;
import io.perigee.scheduler.job.WrittenFact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Facts in {@code job_fact}; a job that was read lately is only brought up to date. What a transaction decides is written
 * at its end, with one statement for each table however many jobs it is about.
 */
public final class PostgresJobBook implements JobBook {
    /** Wakes matching: a job wants replicas. */
    public static final String WANTS = "scheduler_wants";

    /** Wakes matching: there may be room where there was none. */
    public static final String CAPACITY = "scheduler_capacity";

    /** Delivered when, and only when, the transaction commits. */
    static final String NOTIFY = "SELECT pg_notify($1, '')::text AS sent";

    private final FoldedJobs folded = new FoldedJobs();

    @Override
    public void open(Tx tx, JobId id, String builder, String trace) {
        held(tx).open(tx, id, builder, trace);
    }

    @Override
    public Optional<StoredJob> lock(Tx tx, JobId id) {
        lockAll(tx, Set.of(id));
        return held(tx).get(id);
    }

    @Override
    public void lockAll(Tx tx, Set<JobId> ids) {
        held(tx).lock(tx, ids);
    }

    @Override
    public void append(Tx tx, StoredJob before, List<WrittenFact> facts, Job after, Optional<Instant> due, int wants) {
        held(tx).append(after.id(), before, facts, after, due.orElse(null), wants);
    }

    @Override
    public void tried(Tx tx, JobId id, Instant now) {
        held(tx).tried(id, now);
    }

    private HeldJobs held(Tx tx) {
        return tx.gathering(HeldJobs.class, () -> new HeldJobs(folded));
    }

    @Override
    public List<Due> due(Tx tx, Optional<Due> after, Instant now, int limit) {
        return tx
                .query(
                        "SELECT id, due FROM job WHERE due <= $1 AND (due, id) > ($3, $4) ORDER BY due, id LIMIT $2",
                        now,
                        limit,
                        after.map(Due::at).orElse(Instant.EPOCH),
                        after.map(each -> each.job().value()).orElse(new UUID(0, 0)))
                .stream()
                .map(row -> new Due(new JobId(uuid(row)), row.instant("due")))
                .toList();
    }

    @Override
    public Optional<Instant> nextDue(Tx tx) {
        return tx.queryOne("SELECT min(due) AS due FROM job WHERE due IS NOT NULL")
                .flatMap(row -> row.optionalInstant("due"));
    }

    @Override
    public void plan(Tx tx, JobId id, Instant now, Optional<Instant> due) {
        tx.execute("UPDATE job SET due = $3 WHERE id = $1 AND due <= $2", id.value(), now, due.orElse(null));
    }

    @Override
    public List<Awaiting> awaitingBlock(Tx tx, Optional<Awaiting> after, long upTo, int limit) {
        return tx
                .query(
                        "SELECT id, draw_block FROM job WHERE draw_block <= $1 AND (draw_block, id) > ($3, $4)"
                                + " ORDER BY draw_block, id LIMIT $2",
                        upTo,
                        limit,
                        after.map(Awaiting::block).orElse(-1L),
                        after.map(each -> each.job().value()).orElse(new UUID(0, 0)))
                .stream()
                .map(row -> new Awaiting(new JobId(uuid(row)), row.number("draw_block")))
                .toList();
    }

    @Override
    public List<JobId> openJobsOf(Tx tx, ProviderId provider) {
        return ids(tx.query(
                "SELECT DISTINCT job_id AS id FROM attempt WHERE provider = $1 AND open ORDER BY 1", provider.value()));
    }

    private static List<JobId> ids(List<Row> rows) {
        return rows.stream().map(row -> new JobId(uuid(row))).toList();
    }

    private static UUID uuid(Row row) {
        return row.uuid("id");
    }
}
