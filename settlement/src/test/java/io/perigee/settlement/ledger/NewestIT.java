package io.perigee.settlement.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.settlement.testing.Tables;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared every half a minute is found without going through all that ever was. */
class NewestIT {
    private static final int MANY = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT owner, stake FROM book_owner ORDER BY block DESC LIMIT 50",
                "SELECT builder, hub, token, allotted FROM book_allotment WHERE token = 'token' ORDER BY block DESC LIMIT 50"
            })
    void shouldFindTheNewestByAnIndex(String query) {
        try (var database = Tables.fresh()) {
            // given
            database.transact(tx -> {
                tx.execute(
                        "INSERT INTO book_owner (owner, stake, payee, block) SELECT i, 1, i, i FROM generate_series(1, $1) i",
                        MANY);
                tx.execute(
                        "INSERT INTO book_allotment (builder, hub, token, allotted, recalled, block)"
                                + " SELECT i, 'hub', 'token', 1, 0, i FROM generate_series(1, $1) i",
                        MANY);
                tx.execute("ANALYZE book_owner, book_allotment");
            });

            // when
            var plan = database.inTransaction(tx -> plan(tx, query));

            // then
            assertThat(plan).contains("Index Scan").doesNotContain("Seq Scan");
        }
    }

    private static String plan(Tx tx, String query) {
        return tx.query("EXPLAIN " + query).stream()
                .map(row -> row.string("QUERY PLAN"))
                .collect(Collectors.joining("\n"));
    }
}
