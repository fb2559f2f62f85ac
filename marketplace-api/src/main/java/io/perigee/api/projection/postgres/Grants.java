package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.ContentId;
import java.time.Instant;

/** Opens artifacts to those a fact gives a right to them. */
final class Grants {
    private Grants() {}

    /** Nothing happens when the artifact is not here: then it was never uploaded to this hub. */
    static void grant(Tx tx, ContentId artifact, String subject, String reason, boolean opens, Instant now) {
        tx.execute("""
        insert into artifact_grant (artifact, subject, reason, opens, created_at)
        select id, $2, $3, $4, $5 from artifact where id = $1
        on conflict (artifact, subject) do update set opens = artifact_grant.opens or excluded.opens
        """, artifact.value(), subject, reason, opens, now);
    }
}
