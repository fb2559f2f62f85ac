package io.perigee.settlement.reservation;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import java.math.BigInteger;

/** What builders allotted to a hub by the confirmed books, and what reservations hold of it. */
public final class Allotments {
    private Allotments() {}

    /** Whose allotment, to whom, in what. */
    public record Key(Address builder, Address hub, Address token) {}

    /**
     * How an allotment stands.
     *
     * @param total what counts for new orders, without what was asked back
     * @param reserved the unspent rest of open orders' maxima, and of what ended ones can still cost
     * @param block where the books stood
     */
    public record Standing(Amount total, Amount reserved, long block) {
        /** What is free; never below zero, though an allotment asked back can leave less than is reserved. */
        public Amount available() {
            return total.covers(reserved) ? total.minus(reserved) : Amount.ZERO;
        }
    }

    /** Reads and holds it against everybody who would reserve or report it until the transaction ends. */
    public static Standing lock(Tx tx, Key key) {
        var row = hold(tx, key);
        return new Standing(amount(row.bigInteger("allotted")), reserved(tx, key), row.number("block"));
    }

    /** Only holds it: what reservations hold of it is a sum over all of them. */
    static Row hold(Tx tx, Key key) {
        tx.execute("""
        INSERT INTO book_allotment (builder, hub, token, allotted, recalled, block) VALUES ($1, $2, $3, 0, 0, 0)
        ON CONFLICT DO NOTHING""", key.builder().value(), key.hub().value(), key.token().value());
        return tx.queryOne(
                        "SELECT allotted, block FROM book_allotment WHERE builder = $1 AND hub = $2 AND token = $3 FOR UPDATE",
                        key.builder().value(),
                        key.hub().value(),
                        key.token().value())
                .orElseThrow();
    }

    /** The fact that tells the others. The caller holds the lock. */
    public static AllotmentChanged changed(Tx tx, Key key) {
        var now = lock(tx, key);
        return new AllotmentChanged(
                key.builder(), key.hub(), key.token(), now.total(), now.reserved(), now.available(), now.block());
    }

    private static Amount reserved(Tx tx, Key key) {
        return tx.queryOne(
                        """
            SELECT sum(greatest(coalesce(r.draws_to, r.maximum) - greatest(coalesce(o.spent, 0), r.by_epoch), 0)) AS held
            FROM reservation r LEFT JOIN book_order o ON o.order_hash = r.order_hash
            WHERE r.state IN ('OPEN', 'KEPT') AND r.builder = $1 AND r.hub = $2 AND r.token = $3""",
                        key.builder().value(),
                        key.hub().value(),
                        key.token().value())
                .flatMap(row -> row.optionalBigInteger("held"))
                .map(Allotments::amount)
                .orElse(Amount.ZERO);
    }

    private static Amount amount(BigInteger value) {
        return new Amount(value.max(BigInteger.ZERO));
    }
}
