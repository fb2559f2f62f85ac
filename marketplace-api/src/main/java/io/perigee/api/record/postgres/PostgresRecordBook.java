package io.perigee.api.record.postgres;

import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.record.RecordBook;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.OrderOutcome;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.verification.Population;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

@Singleton
final class PostgresRecordBook implements RecordBook {
    /** As many as the scheduler reads. */
    private static final int MOST = 10_000;

    private static final int STAKES = 100_000;

    private static final String ORDERS = "select job, kind, at from order_outcome where builder = ?1 order by at desc";

    private static final String RUNS = """
      select numeric_class, image_family, job, attempt, kind, at from outcome where owner = ?1 order by at desc
      """;

    private static final String STAKED = """
      select distinct offered.class, a.owner, coalesce(s.amount, 0) as amount
      from agent a cross join lateral jsonb_array_elements_text(cast(a.offer as jsonb) -> 'numericClasses') as offered (class)
      left join stake s on s.owner = a.owner
      where a.online order by 1, 2
      """;

    private static final String PAIRS = """
      select numeric_class, sum(equal), sum(unexplained) from class_pairs group by numeric_class
      """;

    /** Anybody may ask, and to answer is to add up a row of every job. */
    private static final Duration CLASSES_GOOD = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Uni<Map<Digest, Population>> classes;

    PostgresRecordBook(Transactions transactions) {
        this.transactions = transactions;
        this.classes = transactions.lately(CLASSES_GOOD, session -> stakes(session)
                .chain(stakes -> session.createNativeQuery(PAIRS, Object[].class)
                        .getResultList()
                        .map(pairs -> classes(stakes, pairs))));
    }

    @Override
    public Uni<List<OrderOutcome>> orders(Address builder) {
        return transactions.run(session -> session.createNativeQuery(ORDERS, Object[].class)
                .setParameter(1, builder.value())
                .setMaxResults(MOST)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new OrderOutcome(
                                new JobId((UUID) row[0]),
                                OrderOutcomeKind.valueOf((String) row[1]),
                                ((OffsetDateTime) row[2]).toInstant()))
                        .toList()));
    }

    @Override
    public Uni<Map<Field, List<Outcome>>> runs(Address owner) {
        return transactions.run(session -> session.createNativeQuery(RUNS, Object[].class)
                .setParameter(1, owner.value())
                .setMaxResults(MOST)
                .getResultList()
                .map(rows -> {
                    var runs = new LinkedHashMap<Field, List<Outcome>>();
                    rows.forEach(row -> runs.computeIfAbsent(
                                    new Field(owner, new Digest((String) row[0]), (String) row[1]),
                                    _ -> new ArrayList<>())
                            .add(new Outcome(
                                    new JobId((UUID) row[2]),
                                    ((Number) row[3]).intValue(),
                                    OutcomeKind.valueOf((String) row[4]),
                                    ((OffsetDateTime) row[5]).toInstant())));
                    return runs;
                }));
    }

    @Override
    public Uni<Map<Digest, Population>> classes() {
        return classes;
    }

    private static Uni<Map<Digest, Map<Address, Amount>>> stakes(Mutiny.Session session) {
        return session.createNativeQuery(STAKED, Object[].class)
                .setMaxResults(STAKES)
                .getResultList()
                .map(rows -> {
                    var stakes = new LinkedHashMap<Digest, Map<Address, Amount>>();
                    rows.forEach(row -> stakes.computeIfAbsent(new Digest((String) row[0]), _ -> new HashMap<>())
                            .put(new Address((String) row[1]), new Amount(((BigDecimal) row[2]).toBigIntegerExact())));
                    return stakes;
                });
    }

    private static Map<Digest, Population> classes(Map<Digest, Map<Address, Amount>> stakes, List<Object[]> pairs) {
        var counted = new HashMap<Digest, Object[]>();
        pairs.forEach(row -> counted.put(new Digest((String) row[0]), row));
        var classes = new LinkedHashMap<Digest, Population>();
        stakes.forEach((numericClass, its) -> {
            var row = counted.get(numericClass);
            classes.put(
                    numericClass,
                    new Population(
                            numericClass, its, row == null ? 0 : count(row[1]), row == null ? 0 : count(row[2])));
        });
        return classes;
    }

    private static int count(Object sum) {
        return (int) Math.min(Integer.MAX_VALUE, ((Number) sum).longValue());
    }
}
