package io.perigee.api.job.postgres;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.job.JobBook;
import io.perigee.api.persistence.postgres.HibernateOutbox;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.TimelineEntry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Made at first use, because a filter asks it. */
@ApplicationScoped
class PostgresJobBook implements JobBook {
    private final Transactions transactions;
    private final HubFacts hub;

    PostgresJobBook(Transactions transactions, HubFacts hub) {
        this.transactions = transactions;
        this.hub = hub;
    }

    /** Under keys of long ago stands the answer itself. */
    @Override
    public Uni<JobView> submitted(Address builder, String key) {
        return transactions.run(session -> session.createNativeQuery(
                        "select answer, job from idempotency where builder = ?1 and key = ?2", Object[].class)
                .setParameter(1, builder.value())
                .setParameter(2, key)
                .getSingleResult()
                .chain(row -> row[0] instanceof String answer
                        ? Uni.createFrom().item(Json.read(answer, JobView.class))
                        : session.find(JobEntity.class, row[1]).map(JobViews::submitted)));
    }

    @Override
    public Uni<Optional<JobView>> find(Address builder, JobId job) {
        return transactions.run(session -> session.find(JobEntity.class, job.value())
                .chain(found -> found == null || !found.builder.equals(builder.value())
                        ? Uni.createFrom().item(Optional.empty())
                        : attempts(session, List.of(job.value()))
                                .map(rows ->
                                        Optional.of(JobViews.job(found, rows.getOrDefault(found.id, List.of()))))));
    }

    @Override
    public Uni<JobPage> list(Address builder, @Nullable String cursor, int limit) {
        return transactions.run(
                session -> page(session, builder, cursor, limit + 1).chain(jobs -> attempts(
                                session, jobs.stream().map(job -> job.id).toList())
                        .map(rows -> page(jobs, rows, limit))));
    }

    private static Uni<List<JobEntity>> page(
            Mutiny.Session session, Address builder, @Nullable String cursor, int limit) {
        if (cursor == null) {
            return session.createQuery(
                            "from JobEntity where builder = :builder order by createdAt desc, id desc", JobEntity.class)
                    .setParameter("builder", builder.value())
                    .setMaxResults(limit)
                    .getResultList();
        }
        var after = PageCursor.parse(cursor);
        return session.createQuery(
                        "from JobEntity where builder = :builder and (createdAt < :at or createdAt = :at and id < :id)"
                                + " order by createdAt desc, id desc",
                        JobEntity.class)
                .setParameter("builder", builder.value())
                .setParameter("at", after.createdAt())
                .setParameter("id", after.id())
                .setMaxResults(limit)
                .getResultList();
    }

    private static JobPage page(List<JobEntity> jobs, Map<UUID, List<AttemptEntity>> attempts, int limit) {
        var shown = jobs.subList(0, Math.min(limit, jobs.size()));
        var items = shown.stream()
                .map(job -> JobViews.job(job, attempts.getOrDefault(job.id, List.of())))
                .toList();
        var next = jobs.size() > limit ? new PageCursor(shown.getLast().createdAt, shown.getLast().id).text() : null;
        return new JobPage(items, next);
    }

    private static Uni<Map<UUID, List<AttemptEntity>>> attempts(Mutiny.Session session, List<UUID> jobs) {
        if (jobs.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return session.createQuery(
                        "from AttemptEntity where id.job in :jobs order by id.job, id.number", AttemptEntity.class)
                .setParameter("jobs", jobs)
                .getResultList()
                .map(rows -> rows.stream().collect(Collectors.groupingBy(row -> row.id.job())));
    }

    @Override
    public Uni<List<TimelineEntry>> timeline(JobId job, long after, int limit) {
        return transactions.run(session -> events(session, job, after, limit, "and kind <> 'progress'")
                .map(rows -> rows.stream().map(EventEntity::toTimelineEntry).toList()));
    }

    @Override
    public Uni<List<JobEvent>> events(JobId job, long after, int limit) {
        return transactions.run(session -> events(session, job, after, limit, "")
                .map(rows -> rows.stream().map(EventEntity::toEvent).toList()));
    }

    private static Uni<List<EventEntity>> events(
            Mutiny.Session session, JobId job, long after, int limit, String condition) {
        return session.createQuery(
                        "from EventEntity where id.job = :job and id.seq > :after " + condition + " order by id.seq",
                        EventEntity.class)
                .setParameter("job", job.value())
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList();
    }

    @Override
    public Uni<Optional<BundleView>> bundle(JobId job) {
        return transactions.run(session -> session.find(JobEntity.class, job.value())
                .map(found -> found == null ? Optional.empty() : JobViews.bundle(found, hub.domain())));
    }

    @Override
    public Uni<Set<UUID>> refused(JobId job, Collection<UUID> commands) {
        return transactions.run(session -> session.createNativeQuery("""
                  select cast(data as jsonb) ->> 'commandId' as command from event
                  where job = ?1 and kind = ?2 and cast(data as jsonb) ->> 'commandId' in (?3)
                  """, String.class)
                .setParameter(1, job.value())
                .setParameter(2, BodyTypes.nameOf(CommandRejected.class))
                .setParameter(3, commands.stream().map(UUID::toString).toList())
                .getResultList()
                .map(ids -> ids.stream().map(UUID::fromString).collect(Collectors.toSet())));
    }

    @Override
    public Uni<Void> send(Envelope command) {
        return transactions.run(session -> HibernateOutbox.appendOnce(session, command));
    }
}
