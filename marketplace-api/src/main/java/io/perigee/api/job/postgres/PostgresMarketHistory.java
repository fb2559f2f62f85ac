package io.perigee.api.job.postgres;

import io.perigee.api.job.MarketHistory;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Read from the read model: it keeps every job anyway, so nothing more is stored. */
@Singleton
final class PostgresMarketHistory implements MarketHistory {
    private static final int FREED = 10_000;

    private static final String BEGIN = "select min(created_at) from attempt";

    private static final String ENDED = """
      select a.provider from event e join attempt a on a.job = e.job and a.number = e.attempt
      where e.kind = ?1 and e.at >= ?2 order by e.at desc
      """;

    /** Attempts that were given at the instant of the job's first one. */
    private static final String DECIDED = """
      select j.id, j.builder, j.spec, j.job_order, a.assignment
      from (select t.job, min(t.created_at) as first from attempt t where t.created_at >= ?1
            group by t.job order by 2 desc limit ?2) lately
      join job j on j.id = lately.job
      join attempt a on a.job = j.id and a.created_at = lately.first
      order by lately.first desc, j.id, a.number
      """;

    /** Its work is over with the last border, or with its end. */
    private static final String HELD = """
      select a.created_at, case when a.state in ('ASSIGNED', 'RUNNING') then null else coalesce(
               (select max(e.at) from event e where e.job = a.job and e.attempt = a.number and e.kind = case
                  when a.state in ('COMMITTED', 'REVEALED', 'VERIFIED', 'REJECTED') then ?3 else ?4 end),
               a.updated_at) end as ended, a.gpus
      from attempt a where a.provider = ?1 and (a.created_at >= ?2 or a.state in ('ASSIGNED', 'RUNNING'))
      """;

    private final Transactions transactions;

    PostgresMarketHistory(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Uni<Freed> freed(Instant since) {
        return transactions.run(session -> begin(session, since).chain(from -> session.createNativeQuery(
                        ENDED, String.class)
                .setParameter(1, BodyTypes.nameOf(AttemptEnded.class))
                .setParameter(2, from)
                .setMaxResults(FREED)
                .getResultList()
                .map(rows -> new Freed(rows.stream().map(ProviderId::new).toList(), from))));
    }

    /** A market that is younger was not observed before it began: with its first attempt, which an index knows. */
    private static Uni<Instant> begin(Mutiny.Session session, Instant since) {
        return session.createNativeQuery(BEGIN, Instant.class)
                .getSingleResultOrNull()
                .map(first -> first == null || first.isBefore(since) ? since : first);
    }

    @Override
    public Uni<List<Held>> held(ProviderId provider, Instant since) {
        return transactions.run(session -> session.createNativeQuery(HELD, Object[].class)
                .setParameter(1, provider.value())
                .setParameter(2, since)
                .setParameter(3, BodyTypes.nameOf(ResultCommitted.class))
                .setParameter(4, BodyTypes.nameOf(AttemptEnded.class))
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new Held(
                                ((OffsetDateTime) row[0]).toInstant(),
                                Optional.ofNullable((OffsetDateTime) row[1]).map(OffsetDateTime::toInstant),
                                ((Number) row[2]).intValue()))
                        .toList()));
    }

    @Override
    public Uni<List<Decided>> decided(Instant since) {
        return transactions.run(session -> session.createNativeQuery(DECIDED, Object[].class)
                .setParameter(1, since)
                .setParameter(2, JOBS)
                .getResultList()
                .map(PostgresMarketHistory::decided));
    }

    private static List<Decided> decided(List<Object[]> rows) {
        var byJob = new LinkedHashMap<UUID, List<Object[]>>();
        rows.forEach(row ->
                byJob.computeIfAbsent((UUID) row[0], job -> new ArrayList<>()).add(row));
        return byJob.values().stream()
                .map(its -> new Decided(
                        new Address((String) its.getFirst()[1]),
                        Json.read((String) its.getFirst()[2], JobSpec.class),
                        Json.read((String) its.getFirst()[3], JobOrder.class),
                        its.stream()
                                .map(row -> Json.read((String) row[4], Assignment.class))
                                .toList()))
                .toList();
    }
}
