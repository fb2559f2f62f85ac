package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.Phase;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.job.WrittenFact;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of jobs and of their facts, of all jobs of a transaction at once. */
final class JobRows {
    private static final String NEW = """
      INSERT INTO job (id, builder, trace, version, phase, due, wants, tried_at, draw_block, since, gpus)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::timestamptz[], $7::integer[],
                           $8::timestamptz[], $9::bigint[], $10::timestamptz[], $11::integer[])
      """;

    /** The ids twice: so that a plan which was made for a small table does not read all of a large one. */
    private static final String CHANGED = """
      UPDATE job SET version = n.version, phase = n.phase, due = n.due, wants = n.wants,
                     tried_at = CASE WHEN n.anew THEN n.tried_at ELSE coalesce(n.tried_at, job.tried_at) END,
                     draw_block = n.draw_block, since = coalesce(n.since, job.since), gpus = n.gpus
      FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::timestamptz[], $6::integer[], $7::timestamptz[],
                  $8::bigint[], $9::timestamptz[], $10::integer[], $11::boolean[])
        AS n (id, before, version, phase, due, wants, tried_at, draw_block, since, gpus, anew)
      WHERE job.id = ANY($1) AND job.id = n.id AND job.version = n.before
      """;

    private static final String FACTS = """
      INSERT INTO job_fact (job_id, seq, envelope_id, type, source, at, envelope)
      SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
      """;

    private static final String TRIED = """
      UPDATE job SET tried_at = n.tried_at FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, tried_at)
      WHERE job.id = ANY($1) AND job.id = n.id
      """;

    private JobRows() {}

    /** Writes what is new of jobs that have new facts. */
    static void write(Tx tx, List<HeldJobs.Held> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        var byNewness = jobs.stream()
                .collect(Collectors.partitioningBy(held -> held.before().version() == 0));
        created(tx, byNewness.getOrDefault(true, List.of()));
        changed(tx, byNewness.getOrDefault(false, List.of()));
        facts(tx, jobs);
        boolean freed = AttemptRows.write(tx, jobs);
        if (jobs.stream().anyMatch(held -> held.wants() > 0 && held.wantsAnew() && held.tried() == null)) {
            tx.later(PostgresJobBook.NOTIFY, PostgresJobBook.WANTS);
        }
        if (freed) {
            tx.later(PostgresJobBook.NOTIFY, PostgresJobBook.CAPACITY);
        }
    }

    private static void created(Tx tx, List<HeldJobs.Held> jobs) {
        if (!jobs.isEmpty()) {
            tx.later(
                    NEW,
                    column(jobs, JobRows::id, UUID[]::new),
                    column(jobs, HeldJobs.Held::builder, String[]::new),
                    column(jobs, held -> held.before().trace(), String[]::new),
                    column(jobs, HeldJobs.Held::version, Integer[]::new),
                    column(jobs, JobRows::phase, String[]::new),
                    column(jobs, HeldJobs.Held::due, Instant[]::new),
                    column(jobs, HeldJobs.Held::wants, Integer[]::new),
                    column(jobs, HeldJobs.Held::tried, Instant[]::new),
                    column(jobs, held -> drawBlock(held.after()), Long[]::new),
                    column(jobs, JobRows::since, Instant[]::new),
                    column(jobs, JobRows::gpus, Integer[]::new));
        }
    }

    private static void changed(Tx tx, List<HeldJobs.Held> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        int changed = tx.execute(
                CHANGED,
                column(jobs, JobRows::id, UUID[]::new),
                column(jobs, held -> held.before().version(), Integer[]::new),
                column(jobs, HeldJobs.Held::version, Integer[]::new),
                column(jobs, JobRows::phase, String[]::new),
                column(jobs, HeldJobs.Held::due, Instant[]::new),
                column(jobs, HeldJobs.Held::wants, Integer[]::new),
                column(jobs, HeldJobs.Held::tried, Instant[]::new),
                column(jobs, held -> drawBlock(held.after()), Long[]::new),
                column(jobs, JobRows::since, Instant[]::new),
                column(jobs, JobRows::gpus, Integer[]::new),
                column(jobs, HeldJobs.Held::wantsAnew, Boolean[]::new));
        if (changed != jobs.size()) {
            throw new IllegalStateException("Expected to hold the locks of %d jobs, but %d of them moved on"
                    .formatted(jobs.size(), jobs.size() - changed));
        }
    }

    private static void facts(Tx tx, List<HeldJobs.Held> jobs) {
        record Numbered(UUID job, int seq, Envelope envelope, byte[] json) {}
        var facts = jobs.stream()
                .flatMap(held -> IntStream.range(0, held.facts().size()).mapToObj(i -> {
                    var fact = held.facts().get(i);
                    return new Numbered(id(held), held.before().version() + 1 + i, fact.envelope(), fact.json());
                }))
                .toList();
        tx.later(
                FACTS,
                column(facts, Numbered::job, UUID[]::new),
                column(facts, Numbered::seq, Integer[]::new),
                column(facts, fact -> fact.envelope().id(), UUID[]::new),
                column(facts, fact -> fact.envelope().type(), String[]::new),
                column(facts, fact -> fact.envelope().source(), String[]::new),
                column(facts, fact -> fact.envelope().at(), Instant[]::new),
                column(facts, fact -> new String(fact.json(), StandardCharsets.UTF_8), String[]::new));
    }

    /** Notes of jobs that have no new facts when matching looked for them in vain. */
    static void tried(Tx tx, Map<JobId, Instant> jobs) {
        if (!jobs.isEmpty()) {
            tx.later(TRIED, HeldJobs.ids(jobs.keySet()), jobs.values().toArray(Instant[]::new));
        }
    }

    static <R, C extends @Nullable Object> C[] column(List<R> rows, Function<R, C> value, IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static UUID id(HeldJobs.Held held) {
        return held.after().id().value();
    }

    private static String phase(HeldJobs.Held held) {
        return held.after().state().phase().name();
    }

    private static int gpus(HeldJobs.Held held) {
        return held.after().spec().resources().gpu().count();
    }

    private static @Nullable Long drawBlock(Job job) {
        var block = job.awaitedBlock();
        return block.isPresent() ? block.getAsLong() : null;
    }

    /**
     * A job begins to wait with its last fact that neither says that it waits nor leaves it waiting; null when there is none among these. One that is
     * audited had its turn, and keeps the place that it had when it was submitted.
     */
    private static @Nullable Instant since(HeldJobs.Held held) {
        if (held.after().state().phase() == Phase.AUDITING) {
            return held.after().submittedAt();
        }
        return held.facts().reversed().stream()
                .map(WrittenFact::envelope)
                .filter(fact -> !(fact.body() instanceof JobQueued) && HeldJobs.mayChangeWants(fact.body()))
                .map(Envelope::at)
                .findFirst()
                .orElse(null);
    }
}
