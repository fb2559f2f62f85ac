package io.perigee.settlement.intent;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.chain.Revert;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The intents, in PostgreSQL. Each change says in its WHERE which states it starts from, so late callers change nothing. */
public final class IntentBook {
    private static final String COLUMNS = "purpose, job_id, recipient, data, state, nonce, tries, next_at, give_up_at,"
            + " fulfilled, reason_code, reason_detail, transaction, block, gas_used, ended_in";

    private IntentBook() {}

    /** Notes what is to happen. False when the purpose is known already, whatever became of it. */
    public static boolean plan(
            Tx tx, Purpose purpose, Optional<JobId> job, Call call, Instant now, Optional<Instant> giveUpAt) {
        return tx.execute(
                        """
            INSERT INTO intent (purpose, urgency, job_id, recipient, data, state, next_at, give_up_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, 'PLANNED', $6, $7, $6, $6) ON CONFLICT DO NOTHING""",
                        purpose.key(),
                        purpose.urgency().rank(),
                        job.map(JobId::value).orElse(null),
                        call.to().value(),
                        call.data(),
                        now,
                        giveUpAt.orElse(null))
                == 1;
    }

    public static Optional<Intent> find(Tx tx, Purpose purpose) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM intent WHERE purpose = $1", purpose.key())
                .map(IntentBook::intent);
    }

    /** The same, held against every other change until the transaction ends. */
    static Optional<Intent> lock(Tx tx, Purpose purpose) {
        return tx.queryOne("SELECT " + COLUMNS + " FROM intent WHERE purpose = $1 FOR UPDATE", purpose.key())
                .map(IntentBook::intent);
    }

    /**
     * What may be signed now: the most urgent first, of those the longest waiting.
     *
     * @param from leaves out what is more urgent
     * @param to leaves out what is less urgent
     * @param closing the chain's time; what is to be given up by then is left out
     */
    static List<Intent> due(Tx tx, Purpose.Urgency from, Purpose.Urgency to, Instant now, Instant closing, int limit) {
        return tx
                .query(
                        "SELECT " + COLUMNS + " FROM intent WHERE state IN ('PLANNED', 'PARKED') AND NOT fulfilled"
                                + " AND urgency BETWEEN $1 AND $2 AND next_at <= $3 AND (give_up_at IS NULL OR give_up_at > $4)"
                                + " ORDER BY urgency, next_at, purpose LIMIT $5",
                        from.rank(),
                        to.rank(),
                        now,
                        closing,
                        limit)
                .stream()
                .map(IntentBook::intent)
                .toList();
    }

    static List<Intent> underWay(Tx tx, Address sender) {
        return tx
                .query(
                        "SELECT " + COLUMNS
                                + " FROM intent WHERE state IN ('SENT', 'VOIDING', 'MINED') AND sender = $1 ORDER BY nonce",
                        sender.value())
                .stream()
                .map(IntentBook::intent)
                .toList();
    }

    /** What was confirmed under nonces that the chain no longer has; empty unless a reorganisation was too deep. */
    static List<Intent> undone(Tx tx, Address sender, long mined, int limit) {
        return tx
                .query(
                        "SELECT " + COLUMNS
                                + " FROM intent WHERE state = 'CONFIRMED' AND sender = $1 AND nonce >= $2 ORDER BY nonce LIMIT $3",
                        sender.value(),
                        mined,
                        limit)
                .stream()
                .map(IntentBook::intent)
                .toList();
    }

    /** The block of the newest nonce that was confirmed. */
    static OptionalLong newestConfirmed(Tx tx, Address sender) {
        return tx.queryOne(
                        "SELECT block FROM intent WHERE state = 'CONFIRMED' AND sender = $1 ORDER BY nonce DESC LIMIT 1",
                        sender.value())
                .flatMap(row -> row.optionalNumber("block"))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Whether anything is not over, or ended in a block that is not noted yet. */
    static boolean anyOpen(Tx tx) {
        return !tx.query("SELECT 1 FROM intent WHERE state NOT IN ('CONFIRMED', 'FULFILLED', 'ABANDONED') LIMIT 1")
                        .isEmpty()
                || !tx.query(
                                "SELECT 1 FROM intent WHERE state IN ('FULFILLED', 'ABANDONED') AND ended_in IS NULL LIMIT 1")
                        .isEmpty();
    }

    /** Ends what others have done already. Only what has nothing signed can be ended. */
    static List<Purpose> endFulfilled(Tx tx, Instant now) {
        return purposes(tx.query("""
            UPDATE intent SET state = 'FULFILLED', updated_at = $1
            WHERE state IN ('PLANNED', 'PARKED') AND fulfilled RETURNING purpose""", now));
    }

    /** Ends what the contract takes no more at this head; only what has nothing signed. */
    static List<Purpose> giveUp(Tx tx, Block head, Instant now) {
        return purposes(tx.query("""
            UPDATE intent SET state = 'ABANDONED', updated_at = $1
            WHERE state IN ('PLANNED', 'PARKED') AND NOT fulfilled AND give_up_at <= $2 RETURNING purpose""", now, head.time()));
    }

    /** Notes a head for all that ended without a transaction of ours since the last was noted. */
    static void noteEnds(Tx tx, Block head) {
        tx.execute(
                "UPDATE intent SET ended_in = $1 WHERE state IN ('FULFILLED', 'ABANDONED') AND ended_in IS NULL",
                head.number());
    }

    /** What is signed though the contract takes it no more at this head. */
    static List<Purpose> tooLate(Tx tx, Address sender, Block head) {
        return purposes(tx.query(
                "SELECT purpose FROM intent WHERE state = 'SENT' AND sender = $1 AND give_up_at <= $2",
                sender.value(),
                head.time()));
    }

    private static List<Purpose> purposes(List<Row> rows) {
        return rows.stream().map(row -> new Purpose(row.string("purpose"))).toList();
    }

    /** An operator's word that it shall not be tried again. False when it is under way or over. */
    public static boolean abandon(Tx tx, Purpose purpose, String why, Instant now) {
        return tx.execute("""
            UPDATE intent SET state = 'ABANDONED', reason_code = 'ABANDONED', reason_detail = $2, updated_at = $3
            WHERE purpose = $1 AND state IN ('PLANNED', 'PARKED')""", purpose.key(), why, now) == 1;
    }

    /** Tries a parked purpose at once. False when it is not parked. */
    public static boolean retry(Tx tx, Purpose purpose, Instant now) {
        return tx.execute(
                        "UPDATE intent SET next_at = $2, updated_at = $2 WHERE purpose = $1 AND state = 'PARKED'",
                        purpose.key(),
                        now)
                == 1;
    }

    /** Another way to the same end, tried at once. False when it is not parked. */
    public static boolean replan(Tx tx, Purpose purpose, Call call, Instant now) {
        return tx.execute(
                        "UPDATE intent SET data = $2, next_at = $3, updated_at = $3"
                                + " WHERE purpose = $1 AND state = 'PARKED' AND NOT fulfilled",
                        purpose.key(),
                        call.data(),
                        now)
                == 1;
    }

    /** Notes that the chain shows the purpose done by others: not tried again, and no failure if it is under way. */
    public static void fulfil(Tx tx, Purpose purpose, Instant now) {
        tx.execute(
                "UPDATE intent SET fulfilled = true, updated_at = $2 WHERE purpose = $1"
                        + " AND state NOT IN ('CONFIRMED', 'FULFILLED', 'ABANDONED')",
                purpose.key(),
                now);
    }

    /** The same for all purposes that begin so. */
    public static void fulfilAll(Tx tx, String prefix, Instant now) {
        open(tx, prefix).forEach(purpose -> fulfil(tx, purpose, now));
    }

    /** Purposes that begin so and are not over. */
    public static List<Purpose> open(Tx tx, String prefix) {
        return tx.query("""
            SELECT purpose FROM intent WHERE starts_with(purpose, $1) AND NOT fulfilled
              AND state NOT IN ('CONFIRMED', 'FULFILLED', 'ABANDONED') ORDER BY purpose""", prefix).stream()
                .map(row -> new Purpose(row.string("purpose")))
                .toList();
    }

    static void park(Tx tx, Purpose purpose, Revert reason, Instant nextAt, Instant now) {
        tx.execute("""
        UPDATE intent SET state = 'PARKED', sender = NULL, nonce = NULL, transaction = NULL, block = NULL, gas_used = NULL,
          tries = tries + 1, reason_code = $2, reason_detail = $3, next_at = $4, updated_at = $5
        WHERE purpose = $1 AND state NOT IN ('CONFIRMED', 'FULFILLED', 'ABANDONED')""", purpose.key(), reason.code(), reason.detail(), nextAt, now);
    }

    static void sent(Tx tx, Purpose purpose, Address sender, long nonce, Instant now) {
        tx.execute(
                "UPDATE intent SET state = 'SENT', sender = $2, nonce = $3, updated_at = $4 WHERE purpose = $1",
                purpose.key(),
                sender.value(),
                nonce,
                now);
    }

    static void voiding(Tx tx, Purpose purpose, Revert reason, Instant now) {
        tx.execute(
                "UPDATE intent SET state = 'VOIDING', reason_code = $2, reason_detail = $3, updated_at = $4"
                        + " WHERE purpose = $1 AND state = 'SENT'",
                purpose.key(),
                reason.code(),
                reason.detail(),
                now);
    }

    /** True when it was not announced before: then whoever asked for the intent is to be told. */
    static boolean announce(Tx tx, Purpose purpose) {
        return tx.execute("UPDATE intent SET announced = true WHERE purpose = $1 AND NOT announced", purpose.key())
                == 1;
    }

    static void mined(Tx tx, Purpose purpose, Inclusion in, Instant now) {
        outcome(tx, purpose, IntentState.MINED, in, now);
    }

    static void confirmed(Tx tx, Purpose purpose, Inclusion in, Instant now) {
        outcome(tx, purpose, IntentState.CONFIRMED, in, now);
    }

    private static void outcome(Tx tx, Purpose purpose, IntentState state, Inclusion in, Instant now) {
        tx.execute("""
        UPDATE intent SET state = $2, transaction = $3, block = $4, gas_used = $5, updated_at = $6,
          reason_code = NULL, reason_detail = NULL
        WHERE purpose = $1 AND state IN ('SENT', 'VOIDING', 'MINED')""", purpose.key(), state, in.transaction().value(), in.block(), in.gasUsed(), now);
    }

    /** The block that held it is gone. */
    static void unmined(Tx tx, Purpose purpose, Instant now) {
        tx.execute("""
        UPDATE intent SET state = 'SENT', transaction = NULL, block = NULL, gas_used = NULL, updated_at = $2
        WHERE purpose = $1 AND state IN ('MINED', 'CONFIRMED')""", purpose.key(), now);
    }

    /** What an operator should know of. */
    public record Trouble(Purpose purpose, IntentState state, int tries, String code, String detail) {}

    public static List<Trouble> troubles(Tx tx, int limit) {
        return tx.query("""
            SELECT purpose, state, tries, reason_code, reason_detail FROM intent
            WHERE state IN ('PARKED', 'VOIDING') AND NOT fulfilled ORDER BY updated_at LIMIT $1""", limit).stream()
                .map(row -> new Trouble(
                        new Purpose(row.string("purpose")),
                        IntentState.valueOf(row.string("state")),
                        row.integer("tries"),
                        row.optionalString("reason_code").orElse(""),
                        row.optionalString("reason_detail").orElse("")))
                .toList();
    }

    private static Intent intent(Row row) {
        return new Intent(
                new Purpose(row.string("purpose")),
                row.optionalUuid("job_id").map(JobId::new),
                new Call(Address.parse(row.string("recipient")), row.bytes("data")),
                IntentState.valueOf(row.string("state")),
                row.optionalNumber("nonce").map(OptionalLong::of).orElse(OptionalLong.empty()),
                row.integer("tries"),
                row.instant("next_at"),
                row.optionalInstant("give_up_at"),
                row.bool("fulfilled"),
                row.optionalString("reason_code")
                        .map(code -> new Revert(
                                code, row.optionalString("reason_detail").orElse(""))),
                row.optionalString("transaction").map(hash -> outcome(row, hash)),
                row.optionalNumber("ended_in").map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static Intent.Outcome outcome(Row row, String hash) {
        return new Intent.Outcome(Digest.parse(hash), row.number("block"), row.number("gas_used"));
    }
}
