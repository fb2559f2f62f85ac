package io.perigee.settlement.intent;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Fees;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The nonces of a sender and every transaction signed under them, in PostgreSQL.
 *
 * <p>A nonce is handed out and its transaction stored in one database transaction, under the lock of the sender's row:
 * so no nonce is ever without bytes that can fill it, and two writers that run by mistake take turns.
 */
final class NonceBook {
    private static final String COLUMNS =
            "hash, nonce, number, purpose, voids, raw, gas_limit, max_fee, priority_fee, waits_since, sent_at";

    private NonceBook() {}

    /**
     * Takes the sender's lock and the next nonce.
     *
     * @param mined what the chain has mined of this sender; more than we handed out when another program uses the key
     */
    static long take(Tx tx, Address sender, long mined) {
        long nonce = next(tx, sender, mined);
        tx.execute("UPDATE writer SET next_nonce = $2 WHERE address = $1", sender.value(), nonce + 1);
        return nonce;
    }

    /** Takes the sender's lock and says which nonce would be next. */
    static long next(Tx tx, Address sender, long mined) {
        tx.execute(
                "INSERT INTO writer (address, first_nonce, next_nonce) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING",
                sender.value(),
                mined);
        long next = tx.queryOne("SELECT next_nonce FROM writer WHERE address = $1 FOR UPDATE", sender.value())
                .orElseThrow()
                .number("next_nonce");
        return Math.max(next, mined);
    }

    /** Nonces from {@code mined} up that were handed out but have no bytes: a foreign transaction held them and is gone. */
    static List<Long> gaps(Tx tx, Address sender, long mined) {
        return tx.query("""
            SELECT n FROM writer, generate_series(greatest($2::bigint, first_nonce), next_nonce - 1) AS n
            WHERE address = $1
              AND NOT EXISTS (SELECT 1 FROM signed_transaction s WHERE s.sender = address AND s.nonce = n)
            ORDER BY n LIMIT 64""", sender.value(), mined).stream()
                .map(row -> row.number("n"))
                .toList();
    }

    static void store(Tx tx, Address sender, SignedTransaction signed) {
        tx.execute(
                """
        INSERT INTO signed_transaction
          (hash, sender, nonce, number, purpose, voids, raw, gas_limit, max_fee, priority_fee, signed_at,
           waits_since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)""",
                signed.hash().value(),
                sender.value(),
                signed.nonce(),
                signed.number(),
                signed.purpose().map(Purpose::key).orElse(null),
                signed.voids(),
                signed.raw(),
                signed.gasLimit(),
                signed.fees().max(),
                signed.fees().priority(),
                signed.waitsSince());
    }

    /** The newest bytes of every nonce from {@code from} up, whatever became of their intents. */
    static List<SignedTransaction> newestFrom(Tx tx, Address sender, long from, int limit) {
        return tx
                .query(
                        "SELECT DISTINCT ON (nonce) " + COLUMNS
                                + " FROM signed_transaction WHERE sender = $1 AND nonce >= $2"
                                + " ORDER BY nonce, number DESC LIMIT $3",
                        sender.value(),
                        from,
                        limit)
                .stream()
                .map(NonceBook::transaction)
                .toList();
    }

    /** All that was ever signed under a nonce, the newest first. */
    static List<SignedTransaction> of(Tx tx, Address sender, long nonce) {
        return tx
                .query(
                        "SELECT " + COLUMNS
                                + " FROM signed_transaction WHERE sender = $1 AND nonce = $2 ORDER BY number DESC",
                        sender.value(),
                        nonce)
                .stream()
                .map(NonceBook::transaction)
                .toList();
    }

    static void answered(Tx tx, Digest hash, String answer, Optional<Instant> sentAt) {
        tx.execute(
                "UPDATE signed_transaction SET answer = $2, sent_at = coalesce($3::timestamptz, sent_at) WHERE hash = $1",
                hash.value(),
                answer,
                sentAt.orElse(null));
    }

    /** The block that held one of a nonce's transactions is gone: hand the bytes over again at once. */
    static void resend(Tx tx, Address sender, long nonce, Instant now) {
        tx.execute(
                "UPDATE signed_transaction SET sent_at = NULL, waits_since = $3 WHERE sender = $1 AND nonce = $2",
                sender.value(),
                nonce,
                now);
    }

    private static SignedTransaction transaction(Row row) {
        return new SignedTransaction(
                Digest.parse(row.string("hash")),
                row.number("nonce"),
                row.integer("number"),
                row.optionalString("purpose").map(Purpose::new),
                row.bool("voids"),
                row.bytes("raw"),
                row.number("gas_limit"),
                new Fees(row.bigInteger("max_fee"), row.bigInteger("priority_fee")),
                row.instant("waits_since"),
                row.optionalInstant("sent_at"));
    }
}
