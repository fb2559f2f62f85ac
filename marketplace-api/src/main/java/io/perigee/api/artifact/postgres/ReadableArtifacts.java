package io.perigee.api.artifact.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.ContentId;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one question about access, for whoever has a transaction open already. */
public final class ReadableArtifacts {
    private static final String ALL = """
      select a.id from artifact a
      where a.id = any ($1)
        and (exists (select 1 from artifact_grant g where g.artifact = a.id and g.subject in ($2, '*'))
          or exists (select 1 from manifest_entry m join artifact_grant g on g.artifact = m.manifest
                     where m.file = a.id and g.opens and g.subject in ($2, '*')))
      """;

    private static final String UP_TO = ALL + " and a.size <= $3";

    private static final String DIRECTORIES = """
      select g.artifact as id from artifact_grant g
      where g.artifact = any ($1) and g.opens and g.subject in ($2, '*')
      """;

    private ReadableArtifacts() {}

    /** Those of the ids that exist and that the subject may read. */
    public static Set<ContentId> of(Tx tx, String subject, Collection<ContentId> ids) {
        return ask(tx, ALL, subject, ids);
    }

    /** Those of them that have so many bytes at the most. */
    public static Set<ContentId> upTo(Tx tx, String subject, Collection<ContentId> ids, long bytes) {
        return ask(tx, UP_TO, subject, ids, bytes);
    }

    /** Those of the ids that are manifests whose files the subject may read. */
    public static Set<ContentId> directories(Tx tx, String subject, Collection<ContentId> ids) {
        return ask(tx, DIRECTORIES, subject, ids);
    }

    private static Set<ContentId> ask(Tx tx, String sql, String subject, Collection<ContentId> ids, Object... more) {
        if (ids.isEmpty()) {
            return Set.of();
        }
        var asked = ids.stream().map(ContentId::value).distinct().toArray(String[]::new);
        var parameters =
                Stream.concat(Stream.of(asked, subject), Stream.of(more)).toArray();
        return tx.query(sql, parameters).stream()
                .map(row -> new ContentId(row.string("id")))
                .collect(Collectors.toUnmodifiableSet());
    }
}
