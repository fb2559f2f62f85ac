package io.perigee.api.artifact.postgres;

import io.perigee.protocol.id.ContentId;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The one question about access, for whoever has a session open already. */
public final class ReadableArtifacts {
    private static final String ALL = """
      select a.id from artifact a
      where a.id = any (string_to_array(:ids, ','))
        and (exists (select 1 from artifact_grant g where g.artifact = a.id and g.subject in (:subject, '*'))
          or exists (select 1 from manifest_entry m join artifact_grant g on g.artifact = m.manifest
                     where m.file = a.id and g.opens and g.subject in (:subject, '*')))
      """;

    private static final String DIRECTORIES = """
      select g.artifact from artifact_grant g
      where g.artifact = any (string_to_array(:ids, ',')) and g.opens and g.subject in (:subject, '*')
      """;

    private ReadableArtifacts() {}

    /** Those of the ids that exist and that the subject may read. */
    public static Uni<Set<ContentId>> of(Mutiny.Session session, String subject, Collection<ContentId> ids) {
        return ask(session, ALL, subject, ids);
    }

    /** Those of the ids that are manifests whose files the subject may read. */
    public static Uni<Set<ContentId>> directories(Mutiny.Session session, String subject, Collection<ContentId> ids) {
        return ask(session, DIRECTORIES, subject, ids);
    }

    private static Uni<Set<ContentId>> ask(
            Mutiny.Session session, String sql, String subject, Collection<ContentId> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return session.createNativeQuery(sql, String.class)
                .setParameter(
                        "ids", ids.stream().map(ContentId::value).distinct().collect(Collectors.joining(",")))
                .setParameter("subject", subject)
                .getResultList()
                .map(found -> found.stream().map(ContentId::new).collect(Collectors.toUnmodifiableSet()));
    }
}
