package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.FairShare;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.placing.PlacingQueue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jobs as {@code job} has them. A job began to wait with its last fact that does not say that it waits. */
public final class PostgresPlacingQueue implements PlacingQueue {
    private static final int MOST = 10_000;

    /** From one builder to the next by the index, and of each the first ones: the others are not read. */
    private static final String WANTING = """
      WITH RECURSIVE who (builder) AS (
        (SELECT builder FROM job WHERE wants > 0 AND tried_at IS NULL ORDER BY builder LIMIT 1)
        UNION ALL
        SELECT (SELECT j.builder FROM job j
                WHERE j.wants > 0 AND j.tried_at IS NULL AND j.builder > who.builder ORDER BY j.builder LIMIT 1)
        FROM who WHERE who.builder IS NOT NULL),
      waiting AS (
        SELECT first.* FROM who CROSS JOIN LATERAL (
          SELECT j.id, j.builder, j.since, j.wants, j.gpus, j.phase FROM job j
          WHERE j.builder = who.builder AND j.wants > 0 AND j.tried_at IS NULL
          ORDER BY j.since, j.id LIMIT $2) first
        UNION
        SELECT j.id, j.builder, j.since, j.wants, j.gpus, j.phase FROM job j WHERE j.id = ANY($1) AND j.wants > 0)
      SELECT id, builder, since, phase = 'AUDITING' AS audits, wants * greatest(1, gpus) AS units FROM (
        SELECT *, row_number() OVER (PARTITION BY builder ORDER BY since, id) AS place FROM waiting) placed
      WHERE place <= $2 ORDER BY place, since, id LIMIT $3
      """;

    /** From each builder to its jobs at work by the index, and to the attempts of each: those of others are not read. */
    private static final String HELD = """
      SELECT j.builder, sum(greatest(1, a.gpus)) AS units
      FROM job j CROSS JOIN LATERAL (SELECT gpus FROM attempt WHERE job_id = j.id AND occupies OFFSET 0) a
      WHERE j.builder = ANY($1) AND j.phase IN ('QUEUED', 'ACTIVE', 'AUDITING', 'DISPUTED', 'CLOSING')
      GROUP BY j.builder
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
    public Set<JobId> lackingAuditors(Tx tx, int most) {
        return tx
                .query("SELECT id FROM job WHERE phase = 'AUDITING' AND wants > 0 ORDER BY since, id LIMIT $1", most)
                .stream()
                .map(row -> new JobId(row.uuid("id")))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public void looked(Tx tx, JobId job, Instant now) {
        tx.execute("UPDATE job SET tried_at = $2 WHERE id = $1 AND wants > 0", job.value(), now);
    }

    @Override
    public Map<Address, Integer> held(Tx tx, Set<Address> builders) {
        return tx.query(HELD, (Object) builders.stream().map(Address::value).toArray(String[]::new)).stream()
                .collect(Collectors.toMap(
                        row -> Address.parse(row.string("builder")), row -> Math.toIntExact(row.number("units"))));
    }

    @Override
    public void placed(Tx tx, Placed placed) {
        tx.gathering(Choices.class, Choices::new).made.add(placed);
    }

    /** The choices of a transaction. */
    private static final class Choices implements Tx.Gathering {
        private static final String INSERT = """
          INSERT INTO placement (job_id, facts, asked, version, classes)
          SELECT * FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::bigint[], $5::text[])
          """;

        private final List<Placed> made = new ArrayList<>();

        private static String classes(Placed placed) {
            return placed.classes().orElse(Set.of()).stream()
                    .map(Digest::value)
                    .sorted()
                    .collect(Collectors.joining(" "));
        }

        @Override
        public void write(Tx tx) {
            tx.later(
                    INSERT,
                    made.stream().map(each -> each.job().value()).toArray(UUID[]::new),
                    made.stream().map(Placed::facts).toArray(Integer[]::new),
                    made.stream().map(Placed::asked).toArray(Instant[]::new),
                    made.stream().map(Placed::version).toArray(Long[]::new),
                    made.stream().map(Choices::classes).toArray(String[]::new));
        }
    }

    @Override
    public List<Placed> placements(Tx tx, JobId job) {
        return tx
                .query(
                        "SELECT facts, asked, version, classes FROM placement WHERE job_id = $1 ORDER BY facts",
                        job.value())
                .stream()
                .map(row -> new Placed(
                        job,
                        row.integer("facts"),
                        row.instant("asked"),
                        row.number("version"),
                        row.optionalString("classes").map(PostgresPlacingQueue::classes)))
                .toList();
    }

    private static Set<Digest> classes(String text) {
        return text.isEmpty()
                ? Set.of()
                : Stream.of(text.split(" ")).map(Digest::parse).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Envelope> facts(Tx tx, JobId job) {
        return tx.query("SELECT envelope FROM job_fact WHERE job_id = $1 ORDER BY seq", job.value()).stream()
                .map(row -> Envelope.ofJson(row.string("envelope").getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static FairShare.Claim claim(Row row) {
        return new FairShare.Claim(
                new JobId(row.uuid("id")),
                Address.parse(row.string("builder")),
                row.instant("since"),
                row.bool("audits"),
                row.integer("units"));
    }
}
