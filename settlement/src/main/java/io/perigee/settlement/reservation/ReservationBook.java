package io.perigee.settlement.reservation;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reservations, in PostgreSQL. */
public final class ReservationBook {
    private static final String COLUMNS = "job_id, order_hash, order_json, order_signature, state, wait_until, trace";

    private ReservationBook() {}

    static void insert(Tx tx, Reservation r) {
        tx.execute(
                """
        INSERT INTO reservation (job_id, order_hash, builder, hub, token, maximum, deadline, order_json, order_signature,
          state, wait_until, trace)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
                r.job().value(),
                r.orderHash().value(),
                r.order().builder().value(),
                r.order().hub().value(),
                r.order().token().value(),
                r.maximum().value(),
                Instant.ofEpochSecond(r.order().deadline()),
                Json.text(r.order()),
                r.orderSignature().value(),
                r.state(),
                r.waitUntil(),
                r.trace());
    }

    /** Held against every other change until the transaction ends. */
    public static Optional<Reservation> lock(Tx tx, JobId job) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM reservation WHERE job_id = $1 FOR UPDATE", job.value())
                .map(ReservationBook::reservation);
    }

    public static Optional<Reservation> find(Tx tx, JobId job) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM reservation WHERE job_id = $1", job.value())
                .map(ReservationBook::reservation);
    }

    public static Optional<Reservation> findOrder(Tx tx, Digest orderHash) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM reservation WHERE order_hash = $1", orderHash.value())
                .map(ReservationBook::reservation);
    }

    static boolean orderKnown(Tx tx, Digest orderHash) {
        return !tx.query("SELECT 1 FROM reservation WHERE order_hash = $1", orderHash.value())
                .isEmpty();
    }

    /** The longest waiting first; a page at a time: pass the last one seen. */
    static List<Reservation> waiting(Tx tx, Optional<Reservation> after, int limit) {
        return tx
                .query(
                        "SELECT " + COLUMNS
                                + " FROM reservation WHERE state = 'WAITING' AND (wait_until, job_id) > ($1, $2)"
                                + " ORDER BY wait_until, job_id LIMIT $3",
                        after.map(Reservation::waitUntil).orElse(Instant.EPOCH),
                        after.map(last -> last.job().value()).orElse(new UUID(0, 0)),
                        limit)
                .stream()
                .map(ReservationBook::reservation)
                .toList();
    }

    static void moveTo(Tx tx, JobId job, Reservation.State state) {
        tx.execute("UPDATE reservation SET state = $2 WHERE job_id = $1", job.value(), state);
    }

    /**
     * Ends a funded job's reservation up to what its order can still cost.
     *
     * @param drawsTo what the order can come to cost in all
     * @param byEpoch what an epoch paid of that, which the escrow does not count as the order's cost
     */
    static void keep(Tx tx, JobId job, Amount drawsTo, Amount byEpoch, Instant until) {
        tx.execute(
                "UPDATE reservation SET state = 'KEPT', draws_to = $2, by_epoch = $3, kept_until = $4 WHERE job_id = $1",
                job.value(),
                drawsTo.value(),
                byEpoch.value(),
                until);
    }

    /**
     * Those for whose orders the contract takes nothing more at that time: kept ones, and those of jobs that nobody has decided
     * about and nobody will.
     *
     * @param drawable how long after its deadline the contract takes releases for an order
     */
    static List<JobId> over(Tx tx, Instant time, Duration drawable, int limit) {
        return tx
                .query(
                        "SELECT job_id FROM reservation WHERE state = 'KEPT' AND kept_until < $1 UNION ALL"
                                + " SELECT job_id FROM reservation WHERE state = 'OPEN' AND deadline < $2 LIMIT $3",
                        time,
                        time.minus(drawable),
                        limit)
                .stream()
                .map(row -> new JobId(row.uuid("job_id")))
                .toList();
    }

    /**
     * What the job's assignments can still draw: their prices without what each has earned. One whose price is not known, of
     * before prices were remembered, can draw all.
     *
     * @param epochPaid whether an epoch has paid the job's lines, which the books say only once they are carried
     */
    static Amount undrawn(Tx tx, Reservation held, boolean epochPaid) {
        return tx.queryOne(
                        """
            SELECT sum(greatest(coalesce(a.price, $3::numeric)
              - greatest(coalesce(e.total, 0), CASE WHEN $4 THEN coalesce(l.amount, 0) ELSE 0 END), 0)) AS undrawn
            FROM assignment a
              LEFT JOIN book_earned e ON e.order_hash = $2 AND e.assignment_hash = a.assignment_hash
              LEFT JOIN payout_line l ON l.job_id = a.job_id AND l.assignment_hash = a.assignment_hash
            WHERE a.job_id = $1""",
                        held.job().value(),
                        held.orderHash().value(),
                        held.maximum().value(),
                        epochPaid)
                .flatMap(row -> row.optionalBigInteger("undrawn"))
                .map(Amount::new)
                .orElse(Amount.ZERO);
    }

    /** What the confirmed books say the order has cost. */
    public static Amount spent(Tx tx, Digest orderHash) {
        return tx.queryOne("SELECT spent FROM book_order WHERE order_hash = $1", orderHash.value())
                .map(row -> new Amount(row.bigInteger("spent")))
                .orElse(Amount.ZERO);
    }

    private static Reservation reservation(Row row) {
        return new Reservation(
                new JobId(row.uuid("job_id")),
                Digest.parse(row.string("order_hash")),
                Json.read(row.string("order_json"), JobOrder.class),
                Signature.parse(row.string("order_signature")),
                Reservation.State.valueOf(row.string("state")),
                row.instant("wait_until"),
                row.string("trace"));
    }
}
