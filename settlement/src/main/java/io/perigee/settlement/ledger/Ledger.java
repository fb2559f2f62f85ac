package io.perigee.settlement.ledger;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.EscrowViews;
import io.perigee.settlement.watch.ChainBook;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares our own books with what the contracts say, as of the confirmed block.
 *
 * <p>What came in less what went out is what is free, allotted, on its way back or reserved; and the token
 * says the escrow holds at least that (anybody may send it more). Per account: the newest changes equal the views.
 *
 * <p>Only the hub's own token: the escrow takes any, and a stranger's may say of itself whatever it likes.
 */
public final class Ledger {
    /** A full comparison of a large market would be as many questions; the newest rows are where a fault would show. */
    private static final int NEWEST = 50;

    /** By the key of the events: the books' own tables are never gone through whole. */
    private static final String NEWEST_EVENTS =
            " FROM (SELECT order_hash, body FROM chain_event ORDER BY block DESC, log_index DESC LIMIT 500) AS newest";

    private final Database database;
    private final EscrowViews views;
    private final Address token;
    private final long startBlock;

    public Ledger(Database database, EscrowViews views, Address token, long startBlock) {
        this.database = database;
        this.views = views;
        this.token = token;
        this.startBlock = startBlock;
    }

    /**
     * One thing that does not add up.
     *
     * @param what which account or sum
     */
    public record Difference(String what, BigInteger books, BigInteger chain) {
        @Override
        public String toString() {
            return "Expected %s to be %s as in the books, but the chain has %s".formatted(what, books, chain);
        }
    }

    /**
     * A comparison.
     *
     * @param block what was compared, as of which block
     * @param compared how many sums were looked at
     */
    public record Report(long block, int compared, List<Difference> differences) {
        public Report {
            differences = List.copyOf(differences);
        }

        public boolean balanced() {
            return differences.isEmpty();
        }
    }

    /** Compares one snapshot of the books with the views at the snapshot's block. */
    public Report check() {
        var snapshot = database.inTransaction(this::snapshot);
        return snapshot.block() < 0 ? new Report(-1, 0, List.of()) : compare(snapshot);
    }

    private Snapshot snapshot(Tx tx) {
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return new Snapshot(
                ChainBook.confirmed(tx, startBlock),
                tx.query(SUMS, token.value()),
                tx.query(
                        "SELECT builder, hub, token, allotted FROM book_allotment WHERE token = $2 ORDER BY block DESC LIMIT $1",
                        NEWEST,
                        token.value()),
                tx.query(
                        "SELECT builder, token, free FROM book_balance WHERE token = $2 AND builder IN (SELECT body::jsonb ->> 'builder'"
                                + NEWEST_EVENTS + ") LIMIT $1",
                        NEWEST,
                        token.value()),
                tx.query(
                        "SELECT order_hash, spent FROM book_order WHERE token = $2 AND order_hash IN (SELECT order_hash"
                                + NEWEST_EVENTS + ") LIMIT $1",
                        NEWEST,
                        token.value()),
                tx.query(
                        "SELECT order_hash, assignment_hash, total FROM book_earned WHERE order_hash IN (SELECT order_hash"
                                + NEWEST_EVENTS + ") LIMIT $1",
                        NEWEST),
                tx.query(
                        "SELECT assignment_hash, credited - collected AS left_over FROM book_credit WHERE order_hash IN (SELECT order_hash"
                                + NEWEST_EVENTS + ") LIMIT $1",
                        NEWEST),
                tx.query("SELECT owner, stake FROM book_owner ORDER BY block DESC LIMIT $1", NEWEST));
    }

    private record Snapshot(
            long block,
            List<Row> sums,
            List<Row> allotments,
            List<Row> balances,
            List<Row> orders,
            List<Row> earned,
            List<Row> credits,
            List<Row> owners) {}

    private static final String SUMS = """
      SELECT f.token, f.paid_in - f.paid_out AS held,
        coalesce((SELECT sum(free) FROM book_balance b WHERE b.token = f.token), 0)
        + coalesce((SELECT sum(allotted + recalled) FROM book_allotment a WHERE a.token = f.token), 0)
        + coalesce((SELECT sum(c.credited - c.collected) FROM book_credit c JOIN book_order o USING (order_hash)
                    WHERE o.token = f.token AND c.collected < c.credited), 0) AS placed
      FROM book_flow f WHERE f.token = $1""";

    private Report compare(Snapshot at) {
        var differences = new ArrayList<Difference>();
        for (var row : at.sums()) {
            var held = row.bigInteger("held");
            if (!held.equals(row.bigInteger("placed"))) {
                differences.add(
                        new Difference("all places of token " + token + " together", row.bigInteger("placed"), held));
            }
            var onChain = views.held(token, at.block()).value();
            if (onChain.compareTo(held) < 0) {
                differences.add(new Difference("token " + token + " held by the escrow", held, onChain));
            }
        }
        for (var row : at.allotments()) {
            expect(
                    differences,
                    "the allotment of " + row.string("builder"),
                    row.bigInteger("allotted"),
                    views.allotment(address(row, "builder"), address(row, "hub"), address(row, "token"), at.block()));
        }
        for (var row : at.balances()) {
            expect(
                    differences,
                    "the balance of " + row.string("builder"),
                    row.bigInteger("free"),
                    views.balance(address(row, "builder"), address(row, "token"), at.block()));
        }
        for (var row : at.orders()) {
            expect(
                    differences,
                    "the cost of order " + row.string("order_hash"),
                    row.bigInteger("spent"),
                    views.spent(Digest.parse(row.string("order_hash")), at.block()));
        }
        for (var row : at.earned()) {
            expect(
                    differences,
                    "what assignment " + row.string("assignment_hash") + " earned",
                    row.bigInteger("total"),
                    views.paid(
                            Digest.parse(row.string("order_hash")),
                            Digest.parse(row.string("assignment_hash")),
                            at.block()));
        }
        for (var row : at.credits()) {
            expect(
                    differences,
                    "the credit of assignment " + row.string("assignment_hash"),
                    row.bigInteger("left_over"),
                    views.credit(Digest.parse(row.string("assignment_hash")), at.block()));
        }
        for (var row : at.owners()) {
            expect(
                    differences,
                    "the stake of " + row.string("owner"),
                    row.bigInteger("stake"),
                    views.stake(address(row, "owner"), at.block()));
        }
        int compared = 2 * at.sums().size()
                + at.allotments().size()
                + at.balances().size()
                + at.orders().size()
                + at.earned().size()
                + at.credits().size()
                + at.owners().size();
        return new Report(at.block(), compared, differences);
    }

    private static void expect(List<Difference> differences, String what, BigInteger books, Amount chain) {
        if (!books.equals(chain.value())) {
            differences.add(new Difference(what, books, chain.value()));
        }
    }

    private static Address address(Row row, String column) {
        return Address.parse(row.string(column));
    }
}
