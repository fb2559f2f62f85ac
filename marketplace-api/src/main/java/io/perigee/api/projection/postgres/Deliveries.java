package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** What a provider must hear. It stays open, and is said again at every connection, until it is of no use. */
final class Deliveries {
    static final String ASSIGNMENT = "assignment";
    static final String RECEIPT = "receipt";
    static final String REVEAL_REQUEST = "reveal-request";
    static final String CHECKPOINT_REQUEST = "checkpoint-request";
    static final String VERDICT_REQUEST = "verdict-request";
    static final String STOP = "stop";
    static final String VERDICT = "verdict";

    private Deliveries() {}

    static void open(
            Tx tx,
            String provider,
            JobId job,
            Digest assignment,
            String kind,
            int border,
            HubMessage body,
            Instant now) {
        tx.later("""
        insert into delivery (provider, job, assignment_hash, kind, border, body, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (assignment_hash, kind, border) do nothing
        """, provider, job.value(), assignment.value(), kind, border, Json.text(body), now);
    }

    /** The provider gave what it was asked for about a border: nobody needs to ask again. */
    static void close(Tx tx, String assignment, String kind, int border) {
        tx.later(
                "update delivery set open = false where assignment_hash = $1 and kind = $2 and border = $3 and open",
                assignment,
                kind,
                border);
    }

    /** A later commitment was receipted: the receipts of earlier borders need no repeating. */
    static void closeReceipts(Tx tx, String assignment, int before) {
        tx.later(
                "update delivery set open = false where assignment_hash = $1 and kind = $2 and border < $3 and open",
                assignment,
                RECEIPT,
                before);
    }

    /** A border is to be opened, for which the provider needs its receipt; it may have been away when that came. */
    static void reopenReceipt(Tx tx, String assignment, int border) {
        tx.later(
                "update delivery set open = true where assignment_hash = $1 and kind = $2 and border = $3",
                assignment,
                RECEIPT,
                border);
    }

    /** The attempt is over: only how it ended is still worth saying. */
    static void closeWork(Tx tx, String assignment) {
        tx.later(
                "update delivery set open = false where assignment_hash = $1 and kind not in ('stop', 'verdict') and open",
                assignment);
    }
}
