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
    /** Of a border that is to be opened in passing: its provider waits for it, however many it seals after it. */
    static final String AWAITED_RECEIPT = "awaited-receipt";

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

    /**
     * An auditor's verdict is asked for anew when another run is to be judged: the run before has fallen. Of these the border
     * counts; asking the same twice is asking it once.
     */
    static void openVerdict(
            Tx tx, String provider, JobId job, Digest assignment, Digest commitment, HubMessage body, Instant now) {
        tx.later("""
        update delivery set open = false where assignment_hash = $1 and kind = $2 and commitment is distinct from $3 and open
        """, assignment.value(), VERDICT_REQUEST, commitment.value());
        tx.later(
                """
        insert into delivery (provider, job, assignment_hash, kind, border, commitment, body, created_at)
        select $1, $2, $3, $4, (select coalesce(max(border) + 1, 0) from delivery where assignment_hash = $3 and kind = $4),
               $5, $6, $7
        where not exists (select from delivery where assignment_hash = $3 and kind = $4 and commitment = $5)
        """,
                provider,
                job.value(),
                assignment.value(),
                VERDICT_REQUEST,
                commitment.value(),
                Json.text(body),
                now);
    }

    static void closeVerdicts(Tx tx, String assignment) {
        tx.later(
                "update delivery set open = false where assignment_hash = $1 and kind = $2 and open",
                assignment,
                VERDICT_REQUEST);
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
                "update delivery set open = true where assignment_hash = $1 and kind in ($2, $3) and border = $4",
                assignment,
                RECEIPT,
                AWAITED_RECEIPT,
                border);
    }

    /**
     * A checkpoint came unasked, so its border is opened once the provider has its receipt. That was closed, and perhaps never
     * said, where later borders were sealed at once. Now it stays open until the border is.
     */
    static void awaitReceipt(Tx tx, String assignment, int border) {
        tx.later("""
        update delivery set open = true, kind = $3 where assignment_hash = $1 and kind = $2 and border = $5
          and not exists (select from delivery asked where asked.assignment_hash = $1 and asked.kind = $4 and asked.border = $5)
        """, assignment, RECEIPT, AWAITED_RECEIPT, CHECKPOINT_REQUEST, border);
    }

    /** The attempt is over: only how it ended is still worth saying. */
    static void closeWork(Tx tx, String assignment) {
        tx.later(
                "update delivery set open = false where assignment_hash = $1 and kind not in ('stop', 'verdict') and open",
                assignment);
    }
}
