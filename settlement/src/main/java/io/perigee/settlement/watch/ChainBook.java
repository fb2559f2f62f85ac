package io.perigee.settlement.watch;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.SessionKey;
import io.perigee.settlement.chain.Block;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The part of the chain that was seen, in PostgreSQL: the cursor, the blocks near the head, and confirmed events. */
public final class ChainBook {
    private ChainBook() {}

    /** The last block whose events count; one before the start when nothing was read yet. */
    public static long confirmed(Tx tx, long startBlock) {
        return tx.queryOne("SELECT confirmed FROM chain_cursor")
                .map(row -> row.number("confirmed"))
                .orElse(startBlock - 1);
    }

    /** The same, held against other watchers until the transaction ends. */
    static long lockConfirmed(Tx tx, long startBlock) {
        tx.execute("INSERT INTO chain_cursor (confirmed) VALUES ($1) ON CONFLICT DO NOTHING", startBlock - 1);
        return tx.queryOne("SELECT confirmed FROM chain_cursor FOR UPDATE")
                .orElseThrow()
                .number("confirmed");
    }

    static void moveTo(Tx tx, long confirmed) {
        tx.execute("UPDATE chain_cursor SET confirmed = $1", confirmed);
    }

    /** The newest block that was seen, confirmed or not. */
    public static Optional<Block> tip(Tx tx) {
        return tx.queryOne("SELECT number, hash, parent, time FROM chain_block ORDER BY number DESC LIMIT 1")
                .map(ChainBook::block);
    }

    static Optional<Block> block(Tx tx, long number) {
        return tx.queryOne("SELECT number, hash, parent, time FROM chain_block WHERE number = $1", number)
                .map(ChainBook::block);
    }

    /** The oldest first; both ends included. */
    static List<Block> between(Tx tx, long from, long to) {
        return tx
                .query(
                        "SELECT number, hash, parent, time FROM chain_block WHERE number BETWEEN $1 AND $2 ORDER BY number",
                        from,
                        to)
                .stream()
                .map(ChainBook::block)
                .toList();
    }

    /** The newest first. */
    static List<Block> blocks(Tx tx) {
        return tx.query("SELECT number, hash, parent, time FROM chain_block ORDER BY number DESC").stream()
                .map(ChainBook::block)
                .toList();
    }

    static void append(Tx tx, Block block) {
        tx.execute(
                "INSERT INTO chain_block (number, hash, parent, time) VALUES ($1, $2, $3, $4)",
                block.number(),
                block.hash().value(),
                block.parent().value(),
                block.time());
    }

    static void dropAbove(Tx tx, long number) {
        tx.execute("DELETE FROM chain_block WHERE number > $1", number);
    }

    static void dropBelow(Tx tx, long number) {
        tx.execute("DELETE FROM chain_block WHERE number < $1", number);
    }

    static void record(Tx tx, Seen seen) {
        tx.execute(
                "INSERT INTO chain_event (block, log_index, transaction, kind, order_hash, body) VALUES ($1, $2, $3, $4, $5, $6)",
                seen.block(),
                seen.index(),
                seen.transaction().value(),
                EventKinds.nameOf(seen.event()),
                orderOf(tx, seen.event()).orElse(null),
                Json.text(seen.event()));
    }

    /** A collection, or a return, names its assignment only; whose order that is, the credit before it said. */
    private static Optional<String> orderOf(Tx tx, ChainEvent event) {
        return switch (event) {
            case ChainEvent.Spent e -> Optional.of(e.orderHash().value());
            case ChainEvent.Credited e -> Optional.of(e.orderHash().value());
            case ChainEvent.Released e -> Optional.of(e.orderHash().value());
            case ChainEvent.BondBurned e -> Optional.of(e.orderHash().value());
            case ChainEvent.Carried e -> Optional.of(e.orderHash().value());
            case ChainEvent.PaidByEpoch e -> Optional.of(e.orderHash().value());
            case ChainEvent.Collected e -> orderOf(tx, e.assignmentHash());
            case ChainEvent.CreditReturned e -> orderOf(tx, e.assignmentHash());
            case ChainEvent.Deposited _,
                    ChainEvent.Withdrawn _,
                    ChainEvent.Allotted _,
                    ChainEvent.Recalled _,
                    ChainEvent.Reclaimed _,
                    ChainEvent.StakeMoved _,
                    ChainEvent.PayeeSet _,
                    ChainEvent.Registered _,
                    ChainEvent.KeyRevoked _,
                    ChainEvent.BookOpened _,
                    ChainEvent.BookRuined _,
                    ChainEvent.EpochPosted _,
                    ChainEvent.LineDemanded _,
                    ChainEvent.OrderDemanded _,
                    ChainEvent.Answered _,
                    ChainEvent.EpochSettled _,
                    ChainEvent.Charged _,
                    ChainEvent.Frozen _,
                    ChainEvent.Moved _ -> Optional.empty();
        };
    }

    private static Optional<String> orderOf(Tx tx, Digest assignmentHash) {
        return tx.queryOne("SELECT order_hash FROM book_credit WHERE assignment_hash = $1", assignmentHash.value())
                .map(row -> row.string("order_hash"));
    }

    /** Forgets events of blocks that are no longer in the chain. */
    static void forgetAbove(Tx tx, long number) {
        tx.execute("DELETE FROM chain_event WHERE block > $1", number);
    }

    /** Everything that counts, in chain order, a page at a time: pass the last one seen. */
    static List<Seen> page(Tx tx, long block, int index, int limit) {
        return tx
                .query(
                        "SELECT block, log_index, transaction, kind, body FROM chain_event WHERE (block, log_index) > ($1, $2)"
                                + " ORDER BY block, log_index LIMIT $3",
                        block,
                        index,
                        limit)
                .stream()
                .map(ChainBook::seen)
                .toList();
    }

    /** A transaction that moved an order's money. */
    public record Moved(Digest transaction, long block) {}

    /** The transactions that moved money of an order, in chain order. */
    public static List<Moved> movedFor(Tx tx, Digest orderHash) {
        return tx.query("""
            SELECT transaction, min(block) AS block, min(log_index) AS log_index FROM chain_event WHERE order_hash = $1
            GROUP BY transaction ORDER BY 2, 3""", orderHash.value()).stream()
                .map(row -> new Moved(Digest.parse(row.string("transaction")), row.number("block")))
                .toList();
    }

    /** Whether a confirmed block says that a key's serial was revoked at that second, in epoch seconds, or before. */
    public static boolean isRevokedBy(Tx tx, SessionKey key, long second) {
        return tx.queryOne("""
            SELECT 1 FROM chain_event WHERE kind = 'KeyRevoked' AND body::jsonb ->> 'provider' = $1
              AND (body::jsonb ->> 'serial')::bigint = $2 AND (body::jsonb ->> 'revokedAt')::bigint <= $3""", key.provider().value(), key.serial(), second).isPresent();
    }

    /** Whether a confirmed block says that the work of an assignment was proven wrong. */
    public static boolean isCondemned(Tx tx, Digest assignmentHash) {
        return tx.queryOne(
                        "SELECT 1 FROM chain_event WHERE kind = 'CreditReturned' AND body::jsonb ->> 'assignmentHash' = $1",
                        assignmentHash.value())
                .isPresent();
    }

    private static Block block(Row row) {
        return new Block(
                row.number("number"),
                Digest.parse(row.string("hash")),
                Digest.parse(row.string("parent")),
                row.instant("time"));
    }

    private static Seen seen(Row row) {
        return new Seen(
                EventKinds.read(row.string("kind"), row.string("body")),
                row.number("block"),
                row.integer("log_index"),
                Digest.parse(row.string("transaction")));
    }

    /** The chain's own time at the last block that counts. */
    public static Optional<Instant> confirmedTime(Tx tx) {
        return tx.queryOne("SELECT b.time FROM chain_block b JOIN chain_cursor c ON b.number = c.confirmed")
                .map(row -> row.instant("time"));
    }

    /** The chain's own time at the newest block seen. */
    public static Optional<Instant> time(Tx tx) {
        return tip(tx).map(Block::time);
    }
}
