package io.perigee.eventlog.postgres;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a consumer has already applied. */
public final class Inbox {
    /** The most that one call forgets; there may be more. */
    public static final int FORGOTTEN_AT_ONCE = 10_000;

    private Inbox() {}

    /** Notes the record as applied; false when it was noted before, and the record must be dropped. */
    public static boolean firstTime(Tx tx, String consumer, UUID envelopeId) {
        return tx.execute(
                        "INSERT INTO inbox (consumer, envelope_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        consumer,
                        envelopeId)
                == 1;
    }

    /** The same for several records with one statement; those that were noted now. */
    public static Set<UUID> firstTime(Tx tx, String consumer, Collection<UUID> envelopeIds) {
        return tx
                .query(
                        "INSERT INTO inbox (consumer, envelope_id) SELECT $1, id FROM unnest($2::uuid[]) AS id"
                                + " ON CONFLICT DO NOTHING RETURNING envelope_id",
                        consumer,
                        envelopeIds.toArray(UUID[]::new))
                .stream()
                .map(row -> row.uuid("envelope_id"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Forgets notes older than any record the log can still deliver, {@link #FORGOTTEN_AT_ONCE} at most. */
    public static int forgetBefore(Tx tx, Instant instant) {
        return tx.execute(
                "DELETE FROM inbox WHERE ctid IN (SELECT ctid FROM inbox WHERE at < $1 LIMIT $2)", instant, (long)
                        FORGOTTEN_AT_ONCE);
    }
}
