package io.perigee.api.projection.postgres;

import io.perigee.api.artifact.postgres.UsedArtifacts;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Opens artifacts to those a fact gives a right to them. */
final class Grants {
    private record Key(String artifact, String subject) {}

    private record Grant(String reason, boolean opens, Instant at) {}

    private static final String INSERT = """
        insert into artifact_grant (artifact, subject, reason, opens, created_at)
        select a.id, g.subject, g.reason, g.opens, g.at
        from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[])
          with ordinality as g (artifact, subject, reason, opens, at, place)
        join artifact a on a.id = g.artifact
        where not exists (select from artifact_grant known
          where known.artifact = g.artifact and known.subject = g.subject and (known.opens or not g.opens))
        order by g.place
        on conflict (artifact, subject) do update set opens = artifact_grant.opens or excluded.opens
        """;

    private final Map<Key, Grant> given =
            new TreeMap<>(Comparator.comparing(Key::artifact).thenComparing(Key::subject));

    /** Nothing happens when the artifact is not here: then it was never uploaded to this hub. */
    void grant(ContentId artifact, String subject, String reason, boolean opens, Instant now) {
        given.merge(
                new Key(artifact.value(), subject),
                new Grant(reason, opens, now),
                (one, other) -> new Grant(one.reason(), one.opens() || other.opens(), one.at()));
    }

    private Instant last() {
        return given.values().stream()
                .map(Grant::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /**
     * Writes what was given, with one statement. All who write grants take their rows' locks in one order, and none for a
     * grant that is there.
     */
    void write(Tx tx) {
        if (given.isEmpty()) {
            return;
        }
        var artifacts = given.keySet().stream().map(Key::artifact).toArray(String[]::new);
        UsedArtifacts.note(tx, artifacts, last());
        tx.later(
                INSERT,
                artifacts,
                given.keySet().stream().map(Key::subject).toArray(String[]::new),
                given.values().stream().map(Grant::reason).toArray(String[]::new),
                given.values().stream().map(Grant::opens).toArray(Boolean[]::new),
                given.values().stream().map(Grant::at).toArray(Instant[]::new));
        given.clear();
    }
}
