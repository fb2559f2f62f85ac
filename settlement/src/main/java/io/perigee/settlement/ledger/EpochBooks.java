package io.perigee.settlement.ledger;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;
import io.perigee.settlement.watch.ChainEvent;
import io.perigee.settlement.watch.Seen;
import java.util.List;
import java.util.Optional;

/** What confirmed events say of epochs: who may post them, which stand, what was demanded of them, what they paid. */
public final class EpochBooks {
    private EpochBooks() {}

    /**
     * An epoch on the chain.
     *
     * @param settlement empty until it is settled
     */
    public record Posted(Digest root, Digest transaction, long block, Optional<Settlement> settlement) {}

    /**
     * What an epoch moved.
     *
     * @param amount what its accounts say, all of it
     */
    public record Settlement(Digest transaction, Amount amount) {}

    /** Of a line or of an order. */
    public sealed interface Demand {
        /** Where its event stands: each demand once, also of the same thing again. */
        String place();

        /** The contract's key of it. */
        Digest what();

        record OfLine(String place, int line) implements Demand {
            @Override
            public Digest what() {
                return lineKey(line);
            }
        }

        record OfOrder(String place, Address builder, Digest orderHash) implements Demand {
            @Override
            public Digest what() {
                return orderKey(builder, orderHash);
            }
        }
    }

    public static Optional<Posted> find(Tx tx, EpochId id) {
        return tx.queryOne(
                        "SELECT root, transaction, block, settled_transaction, amount FROM book_epoch"
                                + " WHERE hub = $1 AND token = $2 AND number = $3",
                        id.hub().value(),
                        id.token().value(),
                        id.number())
                .map(row -> new Posted(
                        Digest.parse(row.string("root")),
                        Digest.parse(row.string("transaction")),
                        row.number("block"),
                        row.optionalString("settled_transaction").map(hash -> settlement(row, hash))));
    }

    /** Whether anything was ever demanded of it. */
    public static boolean wasDemanded(Tx tx, EpochId id) {
        return !tx.query(
                        "SELECT 1 FROM book_demand WHERE hub = $1 AND token = $2 AND number = $3 LIMIT 1",
                        id.hub().value(),
                        id.token().value(),
                        id.number())
                .isEmpty();
    }

    /** What waits for an answer, the oldest first; a page at a time: pass the last one seen. */
    public static List<Demand> open(Tx tx, EpochId id, Optional<Demand> after, int limit) {
        var at = after.map(Demand::place).orElse("-1.0").split("\\.", 2);
        return tx
                .query(
                        """
            SELECT block, log_index, line, builder, order_hash FROM book_demand
            WHERE hub = $1 AND token = $2 AND number = $3 AND NOT answered AND (block, log_index) > ($4, $5)
            ORDER BY block, log_index LIMIT $6""",
                        id.hub().value(),
                        id.token().value(),
                        id.number(),
                        Long.parseLong(at[0]),
                        Integer.parseInt(at[1]),
                        limit)
                .stream()
                .map(EpochBooks::demand)
                .toList();
    }

    public static boolean isAnswered(Tx tx, String place) {
        var at = place.split("\\.", 2);
        return tx.queryOne(
                        "SELECT answered FROM book_demand WHERE block = $1 AND log_index = $2",
                        Long.parseLong(at[0]),
                        Integer.parseInt(at[1]))
                .map(row -> row.bool("answered"))
                .orElse(true);
    }

    public static boolean isCarried(Tx tx, Digest orderHash) {
        return !tx.query("SELECT 1 FROM book_carry WHERE order_hash = $1", orderHash.value())
                .isEmpty();
    }

    static void opened(Tx tx, ChainEvent.BookOpened e) {
        tx.execute("""
        INSERT INTO book_settler (settler, token, hub) VALUES ($1, $2, $3)
        ON CONFLICT (settler, token) DO UPDATE SET hub = excluded.hub""", e.settler().value(), e.token().value(), e.hub().value());
    }

    static void posted(Tx tx, ChainEvent.EpochPosted e, Seen seen) {
        tx.execute(
                """
        INSERT INTO book_epoch (hub, token, number, root, transaction, block)
        SELECT hub, token, $3, $4, $5, $6 FROM book_settler WHERE settler = $1 AND token = $2
        ON CONFLICT (hub, token, number) DO UPDATE
          SET root = excluded.root, transaction = excluded.transaction, block = excluded.block""",
                e.settler().value(),
                e.token().value(),
                e.number(),
                e.root().value(),
                seen.transaction().value(),
                seen.block());
    }

    static void demanded(Tx tx, ChainEvent.LineDemanded e, Seen seen) {
        tx.execute(
                """
        INSERT INTO book_demand (block, log_index, hub, token, number, what, line) VALUES ($1, $2, $3, $4, $5, $6, $7)""",
                seen.block(),
                seen.index(),
                e.hub().value(),
                e.token().value(),
                e.number(),
                lineKey(e.line()).value(),
                e.line());
    }

    static void demanded(Tx tx, ChainEvent.OrderDemanded e, Seen seen) {
        tx.execute(
                """
        INSERT INTO book_demand (block, log_index, hub, token, number, what, builder, order_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
                seen.block(),
                seen.index(),
                e.hub().value(),
                e.token().value(),
                e.number(),
                orderKey(e.builder(), e.orderHash()).value(),
                e.builder().value(),
                e.orderHash().value());
    }

    private static Digest lineKey(long line) {
        return Digest.of(new AbiWords().number(line).bytes());
    }

    private static Digest orderKey(Address builder, Digest orderHash) {
        return new AbiWords().address(builder).digest(orderHash).keccak();
    }

    static void answered(Tx tx, ChainEvent.Answered e) {
        tx.execute(
                "UPDATE book_demand SET answered = true WHERE hub = $1 AND token = $2 AND number = $3 AND what = $4",
                e.hub().value(),
                e.token().value(),
                e.number(),
                e.what().value());
    }

    static void settled(Tx tx, ChainEvent.EpochSettled e, Seen seen) {
        tx.execute(
                """
        UPDATE book_epoch SET settled_transaction = $4, amount = $5
        WHERE hub = $1 AND token = $2 AND number = $3""",
                e.hub().value(),
                e.token().value(),
                e.number(),
                seen.transaction().value(),
                e.amount().value());
    }

    static void carried(Tx tx, ChainEvent.Carried e) {
        tx.execute(
                "INSERT INTO book_carry (order_hash, lines) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                e.orderHash().value(),
                e.lines());
        if (e.lines() > 0) {
            Books.cost(tx, e.orderHash(), e.builder(), e.hub(), e.token(), e.orderSpent());
        }
    }

    private static Settlement settlement(Row row, String hash) {
        return new Settlement(Digest.parse(hash), new Amount(row.bigInteger("amount")));
    }

    private static Demand demand(Row row) {
        var place = row.number("block") + "." + row.integer("log_index");
        return row.optionalNumber("line")
                .<Demand>map(line -> new Demand.OfLine(place, Math.toIntExact(line)))
                .orElseGet(() -> new Demand.OfOrder(
                        place, Address.parse(row.string("builder")), Digest.parse(row.string("order_hash"))));
    }
}
