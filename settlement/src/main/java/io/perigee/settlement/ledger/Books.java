package io.perigee.settlement.ledger;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.watch.ChainEvent;
import io.perigee.settlement.watch.Seen;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * Our own books, folded from confirmed events and nothing else. Sums that the events tell are taken as they are; the rest
 * is added up here, so that a comparison with the contract's views means something.
 */
public final class Books {
    private static final List<String> TABLES = List.of(
            "book_balance",
            "book_allotment",
            "book_order",
            "book_credit",
            "book_dispute",
            "book_burn",
            "book_flow",
            "book_owner",
            "book_settler",
            "book_epoch",
            "book_demand",
            "book_carry",
            "book_earned");

    private final Address epochs;

    /** @param epochs who holds in the escrow what is charged for epochs, until it is handed on */
    public Books(Address epochs) {
        this.epochs = epochs;
    }

    public static void clear(Tx tx) {
        TABLES.forEach(table -> tx.execute("DELETE FROM " + table));
    }

    public void fold(Tx tx, Seen seen) {
        switch (seen.event()) {
            case ChainEvent.Deposited e -> {
                free(tx, e.builder(), e.token(), e.amount().value());
                flow(tx, e.token(), e.amount(), Amount.ZERO);
            }
            case ChainEvent.Withdrawn e -> {
                free(tx, e.builder(), e.token(), e.amount().value().negate());
                flow(tx, e.token(), Amount.ZERO, e.amount());
            }
            case ChainEvent.Allotted e -> {
                free(tx, e.builder(), e.token(), e.amount().value().negate());
                allotment(tx, e.builder(), e.hub(), e.token(), e.total(), BigInteger.ZERO, seen.block());
            }
            case ChainEvent.Recalled e ->
                allotment(
                        tx,
                        e.builder(),
                        e.hub(),
                        e.token(),
                        e.left(),
                        e.amount().value(),
                        seen.block());
            case ChainEvent.Reclaimed e -> reclaimed(tx, e, seen.block());
            case ChainEvent.Spent e -> spent(tx, e, seen.block());
            case ChainEvent.Credited e -> {
                credited(tx, e);
                earned(tx, e.orderHash(), e.assignmentHash(), e.total());
            }
            case ChainEvent.Released e -> {
                free(tx, e.payee(), tokenOf(tx, e.orderHash()), e.amount().value());
                earned(tx, e.orderHash(), e.assignmentHash(), e.total());
            }
            case ChainEvent.Collected e -> {
                tx.execute(
                        "UPDATE book_credit SET collected = collected + $2, payee = $3 WHERE assignment_hash = $1",
                        e.assignmentHash().value(),
                        e.amount().value(),
                        e.payee().value());
                flow(tx, e.token(), Amount.ZERO, e.amount());
            }
            case ChainEvent.Frozen e -> frozen(tx, e);
            case ChainEvent.CreditReturned e -> returned(tx, e);
            case ChainEvent.BondBurned e ->
                tx.execute(
                        "INSERT INTO book_burn (assignment_hash, order_hash, owner, amount) VALUES ($1, $2, $3, $4)",
                        e.assignmentHash().value(),
                        e.orderHash().value(),
                        e.owner().value(),
                        e.amount().value());
            case ChainEvent.StakeMoved e ->
                tx.execute("""
              INSERT INTO book_owner (owner, stake, payee, block) VALUES ($1, $2, $1, $3)
              ON CONFLICT (owner) DO UPDATE SET stake = excluded.stake, block = excluded.block""", e.owner().value(), e.stake().value(), seen.block());
            case ChainEvent.PayeeSet e ->
                tx.execute("""
              INSERT INTO book_owner (owner, stake, payee, block) VALUES ($1, 0, $2, $3)
              ON CONFLICT (owner) DO UPDATE SET payee = excluded.payee""", e.owner().value(), e.payee().value(), seen.block());
            case ChainEvent.Charged e -> {
                // to the epochs, who hand it on by Moved
                drawn(tx, e.builder(), e.hub(), e.token(), e.amount(), e.allotted(), seen.block());
                free(tx, epochs, e.token(), e.amount().value());
            }
            case ChainEvent.Moved e -> {
                free(tx, e.from(), e.token(), e.amount().value().negate());
                free(tx, e.to(), e.token(), e.amount().value());
            }
            case ChainEvent.BookOpened e -> EpochBooks.opened(tx, e);
            case ChainEvent.EpochPosted e -> EpochBooks.posted(tx, e, seen);
            case ChainEvent.LineDemanded e -> EpochBooks.demanded(tx, e, seen);
            case ChainEvent.OrderDemanded e -> EpochBooks.demanded(tx, e, seen);
            case ChainEvent.Answered e -> EpochBooks.answered(tx, e);
            case ChainEvent.EpochSettled e -> EpochBooks.settled(tx, e, seen);
            case ChainEvent.Carried e -> EpochBooks.carried(tx, e);
            // its money came by Moved, when the epoch was settled
            case ChainEvent.PaidByEpoch e -> earned(tx, e.orderHash(), e.assignmentHash(), e.total());
            // no money moves
            case ChainEvent.Registered _, ChainEvent.KeyRevoked _, ChainEvent.BookRuined _ -> {}
        }
    }

    /** Also of an assignment that has no credit yet. */
    private static void frozen(Tx tx, ChainEvent.Frozen e) {
        tx.execute("""
        INSERT INTO book_dispute (assignment_hash, open) VALUES ($1, $2)
        ON CONFLICT (assignment_hash) DO UPDATE SET open = book_dispute.open + excluded.open""", e.assignmentHash().value(), e.yes() ? 1 : -1);
    }

    /** Who is condemned before it has a credit has nothing to give back. */
    private static void returned(Tx tx, ChainEvent.CreditReturned e) {
        if (e.amount().isZero()) {
            return;
        }
        tx.execute(
                "UPDATE book_credit SET credited = credited - $2 WHERE assignment_hash = $1",
                e.assignmentHash().value(),
                e.amount().value());
        free(tx, e.builder(), e.token(), e.amount().value());
    }

    private static void reclaimed(Tx tx, ChainEvent.Reclaimed e, long block) {
        tx.execute(
                "UPDATE book_allotment SET recalled = recalled - $4, block = $5 WHERE builder = $1 AND hub = $2 AND token = $3",
                e.builder().value(),
                e.hub().value(),
                e.token().value(),
                e.amount().value(),
                block);
        free(tx, e.builder(), e.token(), e.amount().value());
    }

    /** The contract takes from what is on its way back first; how much that was, the allotment left over tells. */
    private static void drawn(
            Tx tx, Address builder, Address hub, Address token, Amount amount, Amount left, long block) {
        tx.execute("""
        UPDATE book_allotment SET recalled = recalled - ($4::numeric - (allotted - $5::numeric)), allotted = $5, block = $6
        WHERE builder = $1 AND hub = $2 AND token = $3""", builder.value(), hub.value(), token.value(), amount.value(), left.value(), block);
    }

    private static void spent(Tx tx, ChainEvent.Spent e, long block) {
        drawn(tx, e.builder(), e.hub(), e.token(), e.amount(), e.allotted(), block);
        cost(tx, e.orderHash(), e.builder(), e.hub(), e.token(), e.orderSpent());
    }

    /** What an order has cost in all. */
    static void cost(Tx tx, Digest orderHash, Address builder, Address hub, Address token, Amount spent) {
        tx.execute("""
        INSERT INTO book_order (order_hash, builder, hub, token, spent) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (order_hash) DO UPDATE SET spent = excluded.spent""", orderHash.value(), builder.value(), hub.value(), token.value(), spent.value());
    }

    /** What an assignment has earned in all, by whatever way. */
    private static void earned(Tx tx, Digest orderHash, Digest assignmentHash, Amount total) {
        tx.execute("""
        INSERT INTO book_earned (order_hash, assignment_hash, total) VALUES ($1, $2, $3)
        ON CONFLICT (order_hash, assignment_hash) DO UPDATE SET total = excluded.total""", orderHash.value(), assignmentHash.value(), total.value());
    }

    private static void credited(Tx tx, ChainEvent.Credited e) {
        tx.execute(
                """
        INSERT INTO book_credit (assignment_hash, order_hash, owner, credited, collected, matures_at)
        VALUES ($1, $2, $3, $4, 0, $5)
        ON CONFLICT (assignment_hash) DO UPDATE SET credited = book_credit.credited + excluded.credited,
          matures_at = excluded.matures_at""",
                e.assignmentHash().value(),
                e.orderHash().value(),
                e.owner().value(),
                e.amount().value(),
                Instant.ofEpochSecond(e.maturesAt()));
    }

    private static void allotment(
            Tx tx, Address builder, Address hub, Address token, Amount allotted, BigInteger recalled, long block) {
        tx.execute("""
        INSERT INTO book_allotment (builder, hub, token, allotted, recalled, block) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (builder, hub, token) DO UPDATE SET allotted = excluded.allotted,
          recalled = book_allotment.recalled + excluded.recalled, block = excluded.block""", builder.value(), hub.value(), token.value(), allotted.value(), recalled, block);
    }

    private static void free(Tx tx, Address builder, Address token, BigInteger change) {
        tx.execute("""
        INSERT INTO book_balance (builder, token, free) VALUES ($1, $2, $3)
        ON CONFLICT (builder, token) DO UPDATE SET free = book_balance.free + excluded.free""", builder.value(), token.value(), change);
    }

    private static void flow(Tx tx, Address token, Amount in, Amount out) {
        tx.execute("""
        INSERT INTO book_flow (token, paid_in, paid_out) VALUES ($1, $2, $3)
        ON CONFLICT (token) DO UPDATE SET paid_in = book_flow.paid_in + excluded.paid_in,
          paid_out = book_flow.paid_out + excluded.paid_out""", token.value(), in.value(), out.value());
    }

    private static Address tokenOf(Tx tx, Digest orderHash) {
        return tx.queryOne("SELECT token FROM book_order WHERE order_hash = $1", orderHash.value())
                .map(row -> Address.parse(row.string("token")))
                .orElseThrow(() ->
                        new IllegalStateException("Expected to know order " + orderHash + " from its Spent event"));
    }
}
