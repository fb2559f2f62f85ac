package io.perigee.scheduler.postgres;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.job.EarlyBook;
import java.time.Instant;
import java.util.List;

/** In {@code early}. */
public final class PostgresEarlyBook implements EarlyBook {
    private static final int MOST = 10_000;

    private static final String KEEP = """
      INSERT INTO early (job_id, envelope, at)
      SELECT $1, $2, $3 WHERE (SELECT count(*) FROM early) < %d
      """.formatted(MOST);

    private static final String RIPE = """
      SELECT seq, job_id, envelope FROM early e
      WHERE seq > $1 AND (at < $2 OR EXISTS (SELECT 1 FROM job WHERE job.id = e.job_id))
      ORDER BY seq LIMIT $3
      """;

    @Override
    public void keep(Tx tx, JobId job, Envelope envelope, Instant now) {
        if (tx.execute(KEEP, job.value(), envelope.toJson(), now) == 0) {
            throw new TryLater("Job '%s' is not known yet, as are those of %d records".formatted(job, MOST));
        }
    }

    @Override
    public List<Early> ripe(Tx tx, long after, Instant before, int limit) {
        return tx.query(RIPE, after, before, limit).stream()
                .map(row -> new Early(
                        row.number("seq"), new JobId(row.uuid("job_id")), Envelope.ofJson(row.bytes("envelope"))))
                .toList();
    }

    @Override
    public boolean take(Tx tx, long number) {
        return tx.execute("DELETE FROM early WHERE seq = $1", number) == 1;
    }

    @Override
    public boolean isAwaited(Tx tx, Instant after) {
        return !tx.query("SELECT 1 FROM early WHERE at > $1 LIMIT 1", after).isEmpty();
    }
}
