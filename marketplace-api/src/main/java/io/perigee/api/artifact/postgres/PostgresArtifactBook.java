package io.perigee.api.artifact.postgres;

import io.perigee.api.artifact.ArtifactBook;
import io.perigee.api.artifact.Upload;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.id.ContentId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

@Singleton
final class PostgresArtifactBook implements ArtifactBook {
    private static final String HOLDINGS = """
      with lately as (
        select case when exists (select from agent where provider = :subject)
          then coalesce((select min(created_at) from attempt where provider = :subject
                           and state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED')),
                        cast(:now as timestamptz) - interval '1 day')
          else '-infinity' end as since)
      select coalesce((select sum(a.size) from artifact_grant g join artifact a on a.id = g.artifact, lately
                       where g.subject = :subject and g.reason = 'uploaded' and g.created_at >= since
                         and a.id <> :content), 0)
           + coalesce((select sum(size) from upload where subject = :subject and not complete), 0) as bytes,
             (select count(*) from upload where subject = :subject and not complete) as uploads,
             exists (select from allotment where builder = :subject and hub = :hub and token = :token
                     and total > 0) as has_allotment
      """;

    private static final String ARTIFACT = """
      insert into artifact (id, size, media_type, created_at, used_at) values (:id, :size, :type, :now, :now)
      on conflict (id) do update set used_at = greatest(artifact.used_at, excluded.used_at)
      """;

    private static final String GRANT = """
      insert into artifact_grant (artifact, subject, reason, opens, created_at)
      values (:id, :subject, :reason, :opens, :now)
      on conflict (artifact, subject) do update set opens = artifact_grant.opens or excluded.opens
      """;

    private static final String ENTRIES = """
      insert into manifest_entry (manifest, path, file, size)
      select :id, x.path, x.sha256, x.size
      from jsonb_to_recordset(cast(cast(:entries as text) as jsonb)) as x(path text, size bigint, sha256 text)
      on conflict (manifest, path) do nothing
      """;

    private final Transactions transactions;
    private final Database database;
    private final HubFacts hub;

    PostgresArtifactBook(Transactions transactions, Database database, HubFacts hub) {
        this.transactions = transactions;
        this.database = database;
        this.hub = hub;
    }

    @Override
    public Upload announce(Upload upload, Admission admission, Instant now) {
        return transactions.await(session -> oneByOne(session, upload.subject())
                .chain(() -> unfinished(session, upload))
                .chain(known -> {
                    if (known != null && !upload.complete() && known.mediaType.equals(upload.mediaType())) {
                        return Uni.createFrom().item(known.toUpload());
                    }
                    var admitted = upload.complete()
                            ? Uni.createFrom().voidItem()
                            : holdings(session, upload, now)
                                    .invoke(admission::check)
                                    .chain(() -> deleted(session, upload.content()));
                    return admitted.chain(() -> session.persist(UploadEntity.of(upload, now)))
                            .replaceWith(upload);
                }));
    }

    /** What one has is counted before more is noted. */
    private static Uni<String> oneByOne(Mutiny.Session session, String subject) {
        return session.createNativeQuery(
                        "select cast(pg_advisory_xact_lock(hashtextextended('upload ' || :subject, 0)) as text)",
                        String.class)
                .setParameter("subject", subject)
                .getSingleResult();
    }

    /** Whoever deletes its bytes holds the lock of the row that says so, and looks for uploads once it has it. */
    private static Uni<Void> deleted(Mutiny.Session session, ContentId content) {
        return session.createNativeQuery("select id from unused_content where id = :content for update", String.class)
                .setParameter("content", content.value())
                .getResultList()
                .replaceWithVoid();
    }

    private static Uni<UploadEntity> unfinished(Mutiny.Session session, Upload upload) {
        return session.createQuery(
                        "from UploadEntity where subject = :subject and content = :content and size = :size"
                                + " and not complete order by createdAt",
                        UploadEntity.class)
                .setParameter("subject", upload.subject())
                .setParameter("content", upload.content().value())
                .setParameter("size", upload.size())
                .setMaxResults(1)
                .getSingleResultOrNull();
    }

    private Uni<Holdings> holdings(Mutiny.Session session, Upload upload, Instant now) {
        return session.createNativeQuery(HOLDINGS, Object[].class)
                .setParameter("subject", upload.subject())
                .setParameter("content", upload.content().value())
                .setParameter("hub", hub.address().value())
                .setParameter("token", hub.token().value())
                .setParameter("now", now)
                .getSingleResult()
                .map(row ->
                        new Holdings(((Number) row[0]).longValue(), ((Number) row[1]).intValue(), (Boolean) row[2]));
    }

    @Override
    public Optional<Upload> find(UUID upload, String subject) {
        return transactions.await(
                session -> session.find(UploadEntity.class, upload).map(found -> Optional.ofNullable(found)
                        .filter(entity -> entity.subject.equals(subject))
                        .map(UploadEntity::toUpload)));
    }

    @Override
    public void stored(Upload upload, Optional<Manifest> manifest, Instant now) {
        transactions.await(session -> artifact(session, upload.content(), upload.size(), upload.mediaType(), now)
                .chain(() -> grant(session, upload.content(), upload.subject(), "uploaded", manifest.isPresent(), now))
                .chain(() -> entries(session, upload.content(), manifest))
                .chain(() -> session.find(UploadEntity.class, upload.id()))
                .invoke(found -> {
                    if (found != null) {
                        found.complete = true;
                    }
                }));
    }

    @Override
    public void published(ContentId content, long size, String mediaType, Instant now) {
        transactions.await(session -> artifact(session, content, size, mediaType, now)
                .chain(() -> grant(session, content, PUBLIC, "published", false, now)));
    }

    @Override
    public void forget(UUID upload) {
        transactions.await(session -> session.createMutationQuery("delete UploadEntity where id = :id")
                .setParameter("id", upload)
                .executeUpdate());
    }

    @Override
    public Set<ContentId> readable(String subject, Collection<ContentId> ids) {
        return database.reading(tx -> ReadableArtifacts.of(tx, subject, ids));
    }

    @Override
    public Set<ContentId> use(String subject, Collection<ContentId> ids, Instant now) {
        return database.inTransaction(tx -> {
            var readable = ReadableArtifacts.of(tx, subject, ids);
            UsedArtifacts.use(tx, readable, now);
            return readable;
        });
    }

    private static Uni<Integer> artifact(
            Mutiny.Session session, ContentId id, long size, String mediaType, Instant now) {
        return session.createNativeQuery(ARTIFACT)
                .setParameter("id", id.value())
                .setParameter("size", size)
                .setParameter("type", mediaType)
                .setParameter("now", now)
                .executeUpdate();
    }

    private static Uni<Integer> grant(
            Mutiny.Session session, ContentId id, String subject, String reason, boolean opens, Instant now) {
        return session.createNativeQuery(GRANT)
                .setParameter("id", id.value())
                .setParameter("subject", subject)
                .setParameter("reason", reason)
                .setParameter("opens", opens)
                .setParameter("now", now)
                .executeUpdate();
    }

    private static Uni<Integer> entries(Mutiny.Session session, ContentId id, Optional<Manifest> manifest) {
        return manifest.map(present -> session.createNativeQuery(ENTRIES)
                        .setParameter("id", id.value())
                        .setParameter("entries", Json.text(present))
                        .executeUpdate())
                .orElseGet(() -> Uni.createFrom().item(0));
    }
}
