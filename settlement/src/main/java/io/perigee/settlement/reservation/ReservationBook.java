package io.perigee.settlement.reservation;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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

    static List<Reservation> waiting(Tx tx, int limit) {
        return tx
                .query(
                        "SELECT " + COLUMNS + " FROM reservation WHERE state = 'WAITING' ORDER BY wait_until LIMIT $1",
                        limit)
                .stream()
                .map(ReservationBook::reservation)
                .toList();
    }

    static void moveTo(Tx tx, JobId job, Reservation.State state) {
        tx.execute("UPDATE reservation SET state = $2 WHERE job_id = $1", job.value(), state);
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
