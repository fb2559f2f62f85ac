package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.FairShare;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.placing.PlacingQueue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Jobs as {@code job} has them. A job began to wait with its last fact that does not say that it waits. */
public final class PostgresPlacingQueue implements PlacingQueue {
    private static final int MOST = 10_000;

    private static final String WANTING = """
      SELECT id, builder, since, wants * greatest(1, gpus) AS units FROM (
        SELECT j.id, j.builder, j.wants, f.since,
               coalesce((SELECT (s.envelope #>> '{body,spec,resources,gpu,count}')::integer
                         FROM job_fact s WHERE s.job_id = j.id AND s.seq = 1), 1) AS gpus,
               row_number() OVER (PARTITION BY j.builder ORDER BY f.since, j.id) AS place
        FROM job j CROSS JOIN LATERAL
          (SELECT max(at) AS since FROM job_fact WHERE job_id = j.id AND type <> 'JobQueued') f
        WHERE j.wants > 0 AND (j.tried_at IS NULL OR j.id = ANY($1))) waiting
      WHERE place <= $2 ORDER BY place, since, id LIMIT $3
      """;

    @Override
    public List<FairShare.Claim> wanting(Tx tx, Set<JobId> named, int perBuilder) {
        var ids = named.stream().map(JobId::value).toArray(UUID[]::new);
        return tx.query(WANTING, ids, perBuilder, MOST).stream()
                .map(PostgresPlacingQueue::claim)
                .toList();
    }

    @Override
    public Set<JobId> wanting(Tx tx) {
        return tx.query("SELECT id FROM job WHERE wants > 0").stream()
                .map(row -> new JobId(row.uuid("id")))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Map<Address, Integer> held(Tx tx) {
        return tx
                .query(
                        "SELECT j.builder, sum(greatest(1, a.gpus)) AS units FROM attempt a JOIN job j ON j.id = a.job_id"
                                + " WHERE a.occupies GROUP BY j.builder")
                .stream()
                .collect(Collectors.toMap(
                        row -> Address.parse(row.string("builder")), row -> Math.toIntExact(row.number("units"))));
    }

    @Override
    public void placed(Tx tx, Placed placed) {
        tx.execute(
                "INSERT INTO placement (job_id, facts, asked, version) VALUES ($1, $2, $3, $4)",
                placed.job().value(),
                placed.facts(),
                placed.asked(),
                placed.version());
    }

    @Override
    public List<Placed> placements(Tx tx, JobId job) {
        return tx
                .query("SELECT facts, asked, version FROM placement WHERE job_id = $1 ORDER BY facts", job.value())
                .stream()
                .map(row -> new Placed(job, row.integer("facts"), row.instant("asked"), row.number("version")))
                .toList();
    }

    @Override
    public List<Envelope> facts(Tx tx, JobId job) {
        return tx
                .query("SELECT envelope::text AS envelope FROM job_fact WHERE job_id = $1 ORDER BY seq", job.value())
                .stream()
                .map(row -> Envelope.ofJson(row.json("envelope").getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static FairShare.Claim claim(Row row) {
        return new FairShare.Claim(
                new JobId(row.uuid("id")),
                Address.parse(row.string("builder")),
                row.instant("since"),
                row.integer("units"));
    }
}
