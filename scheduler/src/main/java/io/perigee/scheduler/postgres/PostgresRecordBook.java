package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.OrderOutcome;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.reputation.Reputation;
import io.perigee.market.reputation.RequesterReputation;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.RecordFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.record.RecordBook;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One row for each run, order and job that said something. */
public final class PostgresRecordBook implements RecordBook {
    /** Older ones weigh next to nothing; a record never reads more. */
    private static final int MOST = 10_000;

    /** The highest number a transaction could ever have. */
    private static final String NEVER = "18446744073709551615";

    private static final String OUTCOMES = """
      SELECT f.place, o.job_id, o.attempt, o.kind, o.at
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS f (owner, numeric_class, image_family, place)
      CROSS JOIN LATERAL (
        SELECT job_id, attempt, kind, at FROM outcome
        WHERE owner = f.owner AND numeric_class = f.numeric_class AND image_family = f.image_family
        ORDER BY at DESC LIMIT $4) o
      """;

    /** Who offers an image's classes: not who offers them for another one. */
    private static final String STAKED = """
      SELECT DISTINCT held.its ->> 'numericClass' AS numeric_class, s.owner, s.amount
      FROM provider p
      JOIN stake s ON s.owner = p.owner AND s.amount > 0
      CROSS JOIN LATERAL jsonb_array_elements(p.offer -> 'images') AS held (its)
      WHERE p.online AND held.its ->> 'image' = $1 AND (held.its ->> 'gpu')::boolean = $2
        AND p.offer -> 'numericClasses' ? (held.its ->> 'numericClass')
      """;

    /** One statement, so that the mark and the rows are of one instant. */
    private static final String NOTED = """
      SELECT DISTINCT mark.seen, o.owner, o.numeric_class, o.image_family
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS seen) mark
      LEFT JOIN outcome o ON o.changed >= $1::text::xid8
      """;

    @Override
    public Reputation reputation(Tx tx, Field field, Instant now) {
        return Objects.requireNonNull(reputations(tx, Set.of(field), now).get(field));
    }

    @Override
    public Map<Field, Reputation> reputations(Tx tx, Set<Field> fields, Instant now) {
        var asked = List.copyOf(fields);
        var outcomes = tx
                .query(
                        OUTCOMES,
                        JobRows.column(asked, field -> field.owner().value(), String[]::new),
                        JobRows.column(asked, field -> field.numericClass().value(), String[]::new),
                        JobRows.column(asked, Field::imageFamily, String[]::new),
                        MOST)
                .stream()
                .collect(Collectors.groupingBy(
                        row -> asked.get((int) row.number("place") - 1),
                        Collectors.mapping(PostgresRecordBook::outcome, Collectors.toList())));
        return asked.stream()
                .collect(Collectors.toMap(
                        field -> field, field -> Reputation.of(outcomes.getOrDefault(field, List.of()), now)));
    }

    @Override
    public Noted notedSince(Tx tx, String seen) {
        var rows = tx.query(NOTED, seen.isEmpty() ? NEVER : seen);
        return new Noted(
                rows.stream()
                        .filter(row -> row.optionalString("owner").isPresent())
                        .map(PostgresRecordBook::field)
                        .collect(Collectors.toUnmodifiableSet()),
                rows.getFirst().string("seen"));
    }

    @Override
    public RequesterReputation requester(Tx tx, Address builder, Instant now) {
        var outcomes = tx
                .query(
                        "SELECT job_id, kind, at FROM order_outcome WHERE builder = $1 ORDER BY at DESC LIMIT $2",
                        builder.value(),
                        MOST)
                .stream()
                .map(row -> new OrderOutcome(
                        new JobId(row.uuid("job_id")), OrderOutcomeKind.valueOf(row.string("kind")), row.instant("at")))
                .toList();
        return RequesterReputation.of(outcomes, now);
    }

    @Override
    public Population population(Tx tx, Digest numericClass) {
        var stakes = tx
                .query(
                        "SELECT s.owner, s.amount FROM stake s WHERE EXISTS (SELECT FROM provider p WHERE p.owner = s.owner"
                                + " AND p.online AND p.offer @> $1::text::jsonb)",
                        "{\"numericClasses\":[\"%s\"]}".formatted(numericClass.value()))
                .stream()
                .collect(Collectors.toMap(
                        row -> new Address(row.string("owner")), row -> new Amount(row.bigInteger("amount"))));
        return population(tx, numericClass, stakes);
    }

    private static Population population(Tx tx, Digest numericClass, Map<Address, Amount> stakes) {
        var pairs = tx.queryOne(
                        "SELECT coalesce(sum(equal), 0)::bigint AS equal, coalesce(sum(unexplained), 0)::bigint AS unexplained"
                                + " FROM class_pairs WHERE numeric_class = $1",
                        numericClass.value())
                .orElseThrow();
        return new Population(
                numericClass, stakes, bounded(pairs.number("equal")), bounded(pairs.number("unexplained")));
    }

    @Override
    public Set<Digest> peopled(Tx tx, ClassDemand.OfImage open) {
        Map<Digest, Map<Address, Amount>> stakes = new HashMap<>();
        for (var row : tx.query(STAKED, open.image().value(), open.gpu())) {
            stakes.computeIfAbsent(new Digest(row.string("numeric_class")), its -> new HashMap<>())
                    .put(new Address(row.string("owner")), new Amount(row.bigInteger("amount")));
        }
        // few classes have so many owners, and to add up the pairs of one takes a row of each of its jobs
        stakes.values().removeIf(owners -> owners.size() < Population.OWNERS);
        return stakes.entrySet().stream()
                .filter(its -> population(tx, its.getKey(), its.getValue()).isPeopled())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static int bounded(long count) {
        return (int) Math.min(Integer.MAX_VALUE, count);
    }

    @Override
    public boolean hasDiffered(Tx tx, Digest numericClass, List<Address> owners) {
        return tx.queryOne(
                        "SELECT 1 AS one FROM class_pairs WHERE numeric_class = $1 AND differing && $2::text[] LIMIT 1",
                        numericClass.value(),
                        JobRows.column(owners, Address::value, String[]::new))
                .isPresent();
    }

    @Override
    public void note(Tx tx, List<RecordFact> facts) {
        for (var fact : facts) {
            switch (fact) {
                case OutcomeNoted noted ->
                    tx.later(
                            "INSERT INTO outcome (job_id, attempt, owner, numeric_class, image_family, kind, at)"
                                    + " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                                    + " ON CONFLICT (job_id, attempt) DO UPDATE SET kind = excluded.kind, changed = excluded.changed",
                            noted.jobId().value(),
                            noted.attempt(),
                            noted.owner().value(),
                            noted.numericClass().value(),
                            noted.imageFamily(),
                            noted.kind(),
                            noted.at());
                case OrderOutcomeNoted noted ->
                    tx.later(
                            "INSERT INTO order_outcome (job_id, builder, kind, at) VALUES ($1, $2, $3, $4)"
                                    + " ON CONFLICT DO NOTHING",
                            noted.jobId().value(),
                            noted.builder().value(),
                            noted.kind(),
                            noted.at());
                case PairsCounted counted ->
                    tx.later(
                            "INSERT INTO class_pairs (job_id, numeric_class, equal, unexplained, differing)"
                                    + " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                            counted.jobId().value(),
                            counted.numericClass().value(),
                            counted.equal(),
                            counted.unexplained(),
                            differing(counted));
            }
        }
    }

    private static String @Nullable [] differing(PairsCounted counted) {
        var owners = counted.differing();
        return owners == null ? null : JobRows.column(owners, Address::value, String[]::new);
    }

    static Field field(Row row) {
        return new Field(
                Address.parse(row.string("owner")),
                Digest.parse(row.string("numeric_class")),
                row.string("image_family"));
    }

    static Outcome outcome(Row row) {
        return new Outcome(
                new JobId(row.uuid("job_id")),
                row.integer("attempt"),
                OutcomeKind.valueOf(row.string("kind")),
                row.instant("at"));
    }
}
