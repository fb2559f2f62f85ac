package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Attempt;
import io.perigee.market.lifecycle.Convictions;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.Phase;
import io.perigee.market.lifecycle.TrackRecord;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.StoredJob;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Facts in {@code job_fact}; a job that was read lately is only brought up to date. */
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
        tx.later(
                "INSERT INTO job (id, version, phase, builder, trace) VALUES ($1, 0, '', $2, $3) ON CONFLICT DO NOTHING",
                id.value(),
                builder,
                trace);
    }

    @Override
    public Optional<StoredJob> lock(Tx tx, JobId id) {
        return tx.queryOne(
                        "SELECT version, trace, xmin = pg_current_xact_id()::xid AS ours FROM job WHERE id = $1 FOR UPDATE",
                        id.value())
                .map(row -> new StoredJob(
                        read(tx, id, row.integer("version"), row.bool("ours")),
                        row.integer("version"),
                        row.string("trace")));
    }

    @Override
    public void lockAll(Tx tx, Set<JobId> ids) {
        if (!ids.isEmpty()) {
            tx.query("SELECT id FROM job WHERE id = ANY($1) ORDER BY id FOR UPDATE", (Object)
                    ids.stream().map(JobId::value).toArray(UUID[]::new));
        }
    }

    /** @param ours whether this transaction wrote the last of the facts: then they may still come to nothing */
    private @Nullable Job read(Tx tx, JobId id, int version, boolean ours) {
        var known = folded.upTo(id, version);
        Job job = known.job();
        if (known.version() < version) {
            var rows = tx.query(
                    "SELECT at, envelope::text AS envelope FROM job_fact WHERE job_id = $1 AND seq > $2 ORDER BY seq",
                    id.value(),
                    known.version());
            if (known.version() + rows.size() != version) {
                throw new IllegalStateException("Expected job '%s' to have %d facts, but it has %d"
                        .formatted(id, version, known.version() + rows.size()));
            }
            for (var row : rows) {
                var envelope = Envelope.ofJson(row.json("envelope").getBytes(StandardCharsets.UTF_8));
                job = Job.apply(job, (JobFact) envelope.body(), envelope.at());
            }
        }
        if (job != null && !ours) {
            folded.keep(id, version, job);
        }
        return job;
    }

    @Override
    public void append(Tx tx, StoredJob before, List<Envelope> facts, Job after, Optional<Instant> due, int wants) {
        int version = before.version();
        for (var fact : facts) {
            version++;
            tx.later(
                    "INSERT INTO job_fact (job_id, seq, envelope_id, type, source, at, envelope)"
                            + " VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)",
                    after.id().value(),
                    version,
                    fact.id(),
                    fact.type(),
                    fact.source(),
                    fact.at(),
                    new String(fact.toJson(), StandardCharsets.UTF_8));
        }
        int changed = tx.execute(
                "UPDATE job SET version = $2, phase = $3, due = $4, wants = $5, tried_at = NULL, draw_block = $7,"
                        + " since = coalesce($8, since), gpus = $9 WHERE id = $1 AND version = $6",
                after.id().value(),
                version,
                after.state().phase().name(),
                due.orElse(null),
                wants,
                before.version(),
                drawBlock(after),
                since(facts),
                after.spec().resources().gpu().count());
        if (changed != 1) {
            throw new IllegalStateException(
                    "Expected to hold the lock of job '%s', but it moved on".formatted(after.id()));
        }
        boolean freed = ledger(tx, before.job(), after);
        if (wants > 0) {
            tx.later(NOTIFY, WANTS);
        }
        if (freed) {
            tx.later(NOTIFY, CAPACITY);
        }
    }

    /** A job begins to wait with its last fact that does not say that it waits; null when there is none among these. */
    private static @Nullable Instant since(List<Envelope> facts) {
        return facts.reversed().stream()
                .filter(fact -> !(fact.body() instanceof JobQueued))
                .map(Envelope::at)
                .findFirst()
                .orElse(null);
    }

    /** Writes what changed about attempts; true when capacity became free. */
    private static boolean ledger(Tx tx, @Nullable Job before, Job after) {
        boolean freed = false;
        for (var attempt : after.attempts()) {
            var old = before != null && attempt.number() < before.attempts().size()
                    ? before.attempt(attempt.number())
                    : null;
            if (old != null && old.status().equals(attempt.status()) && phase(before) == phase(after)) {
                continue;
            }
            write(tx, after, attempt);
            if (old == null || !old.ended() || Convictions.isConvicted(after, attempt)) {
                outcome(tx, after, attempt);
            }
            freed |= old != null
                    && ((old.occupies() && !attempt.occupies()) || (bonded(before, old) && !bonded(after, attempt)));
        }
        return freed;
    }

    private static @Nullable Long drawBlock(Job job) {
        var block = job.awaitedBlock();
        return block.isPresent() ? block.getAsLong() : null;
    }

    private static void outcome(Tx tx, Job job, Attempt attempt) {
        var field = TrackRecord.field(job, attempt);
        TrackRecord.of(job, attempt)
                .ifPresent(outcome -> tx.later(
                        "INSERT INTO outcome (job_id, attempt, owner, numeric_class, image_family, kind, at)"
                                + " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                                + " ON CONFLICT (job_id, attempt) DO UPDATE SET kind = excluded.kind",
                        job.id().value(),
                        attempt.number(),
                        field.owner().value(),
                        field.numericClass().value(),
                        field.imageFamily(),
                        outcome.kind(),
                        outcome.at()));
    }

    private static void write(Tx tx, Job job, Attempt attempt) {
        var assignment = attempt.assignment();
        tx.later(
                "INSERT INTO attempt (job_id, number, provider, owner, state, bond, gpus, occupies, open, bonded)"
                        + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                        + " ON CONFLICT (job_id, number) DO UPDATE SET state = excluded.state, occupies = excluded.occupies,"
                        + " open = excluded.open, bonded = excluded.bonded",
                job.id().value(),
                attempt.number(),
                assignment.provider().value(),
                assignment.owner().value(),
                attempt.status().state().name(),
                assignment.bond().value(),
                job.spec().resources().gpu().count(),
                attempt.occupies(),
                !attempt.ended(),
                bonded(job, attempt));
    }

    /** A bond that may burn is as good as gone until the settlement has burned it. */
    private static boolean bonded(@Nullable Job job, Attempt attempt) {
        return !attempt.ended() || (job != null && Convictions.mayBurn(job, attempt));
    }

    private static @Nullable Phase phase(@Nullable Job job) {
        return job == null ? null : job.state().phase();
    }

    @Override
    public void tried(Tx tx, JobId id, Instant now) {
        tx.later("UPDATE job SET tried_at = $2 WHERE id = $1", id.value(), now);
    }

    @Override
    public List<JobId> due(Tx tx, Instant now, int limit) {
        return ids(tx.query("SELECT id FROM job WHERE due <= $1 ORDER BY due LIMIT $2", now, limit));
    }

    @Override
    public Optional<Instant> nextDue(Tx tx) {
        return tx.queryOne("SELECT min(due) AS due FROM job WHERE due IS NOT NULL")
                .flatMap(row -> row.optionalInstant("due"));
    }

    @Override
    public List<Awaiting> awaitingBlock(Tx tx, long upTo, int limit) {
        return tx
                .query(
                        "SELECT id, draw_block FROM job WHERE draw_block <= $1 ORDER BY draw_block LIMIT $2",
                        upTo,
                        limit)
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
