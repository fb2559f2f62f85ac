package io.perigee.settlement.payout;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.reservation.Reservation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decided jobs, their assignments, and what the confirmed books say of them, in PostgreSQL. */
public final class DebtBook {
    /** For an assignment this hub has no record of. */
    private static final int UNKNOWN_ATTEMPT = -1;

    private static final String COLUMNS = "job_id, order_hash, state, round, matures_at, trace";

    private DebtBook() {}

    /** False when the job is there already: it is decided once. */
    static boolean open(Tx tx, JobId job, @Nullable Digest orderHash, Debt.State state, String trace, Instant now) {
        return tx.execute("""
            INSERT INTO payout (job_id, order_hash, state, trace, updated_at, looked_at) VALUES ($1, $2, $3, $4, $5, $5)
            ON CONFLICT DO NOTHING""", job.value(), orderHash == null ? null : orderHash.value(), state, trace, now) == 1;
    }

    /**
     * Notes a job that its order's epoch is to pay, with what it is to pay and the evidence for it.
     *
     * @param directAt from when the contract takes the evidence, should no epoch pay it
     * @return false when the job is there already: it is decided once
     */
    static boolean join(
            Tx tx,
            Reservation held,
            Payable payable,
            Debt.State state,
            int epoch,
            Instant directAt,
            String trace,
            Instant now) {
        var job = held.job().value();
        if (tx.execute(
                        """
            INSERT INTO payout (job_id, order_hash, state, token, epoch, direct_at, trace, updated_at,
              looked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING""",
                        job,
                        held.orderHash().value(),
                        state,
                        held.order().token().value(),
                        epoch,
                        directAt,
                        trace,
                        now)
                == 0) {
            return false;
        }
        decided(tx, held.job(), payable);
        return true;
    }

    /** Keeps evidence that is not sent at once, or may have to be sent in part; instead of what was kept before. */
    static void decided(Tx tx, JobId job, Payable payable) {
        tx.execute(
                "INSERT INTO decision (job_id, payable) VALUES ($1, $2)"
                        + " ON CONFLICT (job_id) DO UPDATE SET payable = excluded.payable",
                job.value(),
                Json.text(payable));
    }

    /** Evidence that was kept. */
    public static Optional<Payable> decision(Tx tx, JobId job) {
        return tx.queryOne("SELECT payable FROM decision WHERE job_id = $1", job.value())
                .map(row -> Json.read(row.string("payable"), Payable.class));
    }

    /** What an epoch is to pay for a run. */
    static void line(Tx tx, JobId job, Digest assignmentHash, Address owner, Amount amount) {
        tx.execute(
                "INSERT INTO payout_line (job_id, assignment_hash, owner, amount) VALUES ($1, $2, $3, $4)",
                job.value(),
                assignmentHash.value(),
                owner.value(),
                amount.value());
    }

    /**
     * Takes those whose evidence is with the contract, or that can be collected by the chain's time, to be looked at: who was
     * not looked at for the longest time first, so that many who make no progress keep nobody from it.
     */
    static List<Debt> toLookAt(Tx tx, Optional<Instant> chainTime, int limit, Instant now) {
        return tx.query("""
            UPDATE payout SET looked_at = $3 WHERE job_id IN (
              SELECT job_id FROM payout WHERE state IN ('SENDING', 'COLLECTING') OR (state = 'MATURING' AND matures_at <= $1)
              ORDER BY looked_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING\s""" + COLUMNS, chainTime.orElse(Instant.EPOCH), limit, now).stream()
                .map(DebtBook::debt)
                .toList();
    }

    /** Held against every other change until the transaction ends; empty when it is no longer in that state. */
    static Optional<Debt> lock(Tx tx, JobId job, Debt.State state) {
        return tx.queryOne(
                        "SELECT " + COLUMNS + " FROM payout WHERE job_id = $1 AND state = $2 FOR UPDATE",
                        job.value(),
                        state)
                .map(DebtBook::debt);
    }

    public static Optional<Debt> find(Tx tx, JobId job) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM payout WHERE job_id = $1", job.value())
                .map(DebtBook::debt);
    }

    static void moveTo(Tx tx, JobId job, Debt.State state, int round, @Nullable Instant maturesAt, Instant now) {
        tx.execute(
                "UPDATE payout SET state = $2, round = $3, matures_at = $4, updated_at = $5 WHERE job_id = $1",
                job.value(),
                state,
                round,
                maturesAt,
                now);
    }

    /**
     * Remembers which attempt an assignment is, since the contract knows attempts by their assignments only; and its price,
     * which is what its order may have to pay for it.
     */
    public static void assigned(Tx tx, JobId job, Digest assignmentHash, Assignment assignment) {
        tx.execute(
                "INSERT INTO assignment (assignment_hash, job_id, attempt, owner, price) VALUES ($1, $2, $3, $4, $5)"
                        + " ON CONFLICT (assignment_hash) DO UPDATE SET price = excluded.price",
                assignmentHash.value(),
                job.value(),
                assignment.attempt(),
                assignment.owner().value(),
                assignment.price().value());
    }

    /**
     * What an assignment has reserved.
     *
     * @param payee where it went, or would go now
     * @param frozen as long as a court looks at the assignment nobody can collect it
     */
    public record Credit(
            Digest assignmentHash,
            int attempt,
            Address owner,
            Address payee,
            Amount credited,
            Amount collected,
            Instant maturesAt,
            boolean frozen) {
        boolean isOutstanding() {
            return !collected.covers(credited);
        }

        Payout payout() {
            return new Payout(attempt, owner, payee, credited);
        }
    }

    static List<Credit> credits(Tx tx, Digest orderHash) {
        return tx.query("""
            SELECT c.assignment_hash, coalesce(a.attempt, $2) AS attempt, c.owner, coalesce(c.payee, o.payee, c.owner) AS payee,
              c.credited, c.collected, c.matures_at, coalesce(d.open, 0) AS disputes
            FROM book_credit c LEFT JOIN assignment a ON a.assignment_hash = c.assignment_hash
              LEFT JOIN book_owner o ON o.owner = c.owner LEFT JOIN book_dispute d ON d.assignment_hash = c.assignment_hash
            WHERE c.order_hash = $1 ORDER BY 2, c.assignment_hash""", orderHash.value(), UNKNOWN_ATTEMPT).stream()
                .map(row -> new Credit(
                        Digest.parse(row.string("assignment_hash")),
                        row.integer("attempt"),
                        Address.parse(row.string("owner")),
                        Address.parse(row.string("payee")),
                        new Amount(row.bigInteger("credited")),
                        new Amount(row.bigInteger("collected")),
                        row.instant("matures_at"),
                        row.integer("disputes") > 0))
                .toList();
    }

    /** Whether the contract reserved something for one of these: then a quorum's answer stands there. */
    static boolean anyCredited(Tx tx, List<Digest> assignmentHashes) {
        return !tx.query("SELECT 1 FROM book_credit WHERE assignment_hash = ANY($1) LIMIT 1", (Object)
                        assignmentHashes.stream().map(Digest::value).toArray(String[]::new))
                .isEmpty();
    }

    static List<Burn> burns(Tx tx, Digest orderHash) {
        return tx.query("""
            SELECT coalesce(a.attempt, $2) AS attempt, b.owner, b.amount
            FROM book_burn b LEFT JOIN assignment a ON a.assignment_hash = b.assignment_hash
            WHERE b.order_hash = $1 ORDER BY 1, b.owner""", orderHash.value(), UNKNOWN_ATTEMPT).stream()
                .map(row -> new Burn(
                        row.integer("attempt"),
                        Address.parse(row.string("owner")),
                        new Amount(row.bigInteger("amount"))))
                .toList();
    }

    private static Debt debt(Row row) {
        return new Debt(
                new JobId(row.uuid("job_id")),
                row.optionalString("order_hash").map(Digest::parse),
                Debt.State.valueOf(row.string("state")),
                row.integer("round"),
                row.optionalInstant("matures_at"),
                row.string("trace"));
    }
}
