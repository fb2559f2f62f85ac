package io.perigee.scheduler.postgres;

import static io.perigee.scheduler.postgres.JobRows.column;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Attempt;
import io.perigee.market.lifecycle.AttemptStatus;
import io.perigee.market.lifecycle.Convictions;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.Phase;
import io.perigee.protocol.fact.AttemptEnd;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger of attempts, derived from the jobs that a transaction changed. */
final class AttemptRows {
    /** Matching is not told of a new one: it made it, and has said in the log of offers what it holds. */
    private static final String ATTEMPTS = """
      INSERT INTO attempt (job_id, number, provider, owner, state, bond, gpus, occupies, open, bonded, declined_at)
      SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::integer[],
                           $8::boolean[], $9::boolean[], $10::boolean[], $11::timestamptz[])
      ON CONFLICT (job_id, number) DO UPDATE SET state = excluded.state, occupies = excluded.occupies,
        open = excluded.open, bonded = excluded.bonded, declined_at = excluded.declined_at
      """;

    private record Changed(Job job, Attempt attempt) {
        UUID id() {
            return job.id().value();
        }
    }

    private AttemptRows() {}

    /** Writes what changed about attempts; true when capacity became free. */
    static boolean write(Tx tx, List<HeldJobs.Held> jobs) {
        boolean freed = false;
        var changed = new ArrayList<Changed>();
        for (var held : jobs) {
            var before = held.before().job();
            var after = held.after();
            for (var attempt : after.attempts()) {
                var old = before != null && attempt.number() < before.attempts().size()
                        ? before.attempt(attempt.number())
                        : null;
                if (old != null && sameRow(before, old, after, attempt)) {
                    continue;
                }
                changed.add(new Changed(after, attempt));
                freed |= old != null
                        && ((old.occupies() && !attempt.occupies())
                                || (bonded(before, old) && !bonded(after, attempt)));
            }
        }
        attempts(tx, changed);
        return freed;
    }

    /** What a run has sealed is not in its row: to write that again would have matching read its provider anew. */
    private static boolean sameRow(@Nullable Job before, Attempt old, Job after, Attempt now) {
        return old.status().state() == now.status().state()
                && old.occupies() == now.occupies()
                && old.ended() == now.ended()
                && (phase(before) == phase(after) || bonded(before, old) == bonded(after, now));
    }

    private static void attempts(Tx tx, List<Changed> rows) {
        if (!rows.isEmpty()) {
            tx.later(
                    ATTEMPTS,
                    column(rows, Changed::id, UUID[]::new),
                    column(rows, row -> row.attempt().number(), Integer[]::new),
                    column(rows, row -> row.attempt().assignment().provider().value(), String[]::new),
                    column(rows, row -> row.attempt().assignment().owner().value(), String[]::new),
                    column(rows, row -> row.attempt().status().state().name(), String[]::new),
                    column(rows, row -> row.attempt().assignment().bond().value(), BigInteger[]::new),
                    column(rows, row -> row.job().spec().resources().gpu().count(), Integer[]::new),
                    column(rows, row -> row.attempt().occupies(), Boolean[]::new),
                    column(rows, row -> !row.attempt().ended(), Boolean[]::new),
                    column(rows, row -> bonded(row.job(), row.attempt()), Boolean[]::new),
                    column(rows, row -> declinedAt(row.attempt()), Instant[]::new));
        }
    }

    /** A bond that may burn is as good as gone until the settlement has burned it. */
    private static boolean bonded(@Nullable Job job, Attempt attempt) {
        return !attempt.ended() || (job != null && Convictions.mayBurn(job, attempt));
    }

    private static @Nullable Instant declinedAt(Attempt attempt) {
        return attempt.status() instanceof AttemptStatus.Ended ended && ended.end() == AttemptEnd.DECLINED
                ? ended.at()
                : null;
    }

    private static @Nullable Phase phase(@Nullable Job job) {
        return job == null ? null : job.state().phase();
    }
}
