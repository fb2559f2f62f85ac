package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Appends events. The job's row is locked by counting, so numbers become visible in their order. */
public final class EventRows {
    private EventRows() {}

    /** Appends, and returns the number; the transaction holds the job's lock from here on. */
    public static long append(
            Tx tx,
            UUID job,
            Instant at,
            String kind,
            String actor,
            @Nullable Integer attempt,
            @Nullable String cause,
            String detail,
            Map<String, String> links,
            Object data) {
        long seq = tx.queryOne("update job set last_event = last_event + 1 where id = $1 returning last_event", job)
                .orElseThrow(() -> new IllegalStateException("an event of a job that is not here"))
                .number("last_event");
        tx.later(
                "insert into event (job, seq, at, kind, actor, attempt, cause, detail, links, data)"
                        + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                job,
                seq,
                at,
                kind,
                actor,
                attempt,
                cause,
                detail,
                Json.text(links),
                Json.text(data));
        return seq;
    }
}
