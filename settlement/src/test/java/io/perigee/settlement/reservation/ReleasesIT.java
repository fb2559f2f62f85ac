package io.perigee.settlement.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many jobs of one builder that end in one transaction. */
class ReleasesIT {
    private static final int JOBS = 200;

    @Test
    void shouldSumAndTellAnAllotmentOnceForAllJobsOfATransaction() {
        try (var market = Market.still();
                var rpc = new Rpc(market.url(), Duration.ofSeconds(5));
                var database = Tables.fresh()) {
            // given
            var clock = TestClock.atNoon();
            var reservations = reservations(market, rpc, database, clock);
            var stories = Stream.generate(() -> Story.aJob(market)).limit(JOBS).toList();
            database.transact(tx -> stories.forEach(story -> open(tx, story, clock)));
            var statements = new ArrayList<String>();

            // when
            database.transact(tx -> {
                var counting = new Counting(tx, statements);
                var changed = new LinkedHashMap<Allotments.Key, String>();
                stories.forEach(story -> reservations.release(counting, story.job, Amount.ZERO, changed));
                reservations.tell(counting, changed);
            });

            // then
            assertThat(statements.stream().filter(sql -> sql.contains("FROM reservation r LEFT JOIN book_order")))
                    .hasSize(1);
            assertThat(database.inTransaction(
                                    tx -> tx.queryOne("SELECT count(*) AS n FROM reservation WHERE state = 'RELEASED'"))
                            .orElseThrow()
                            .number("n"))
                    .isEqualTo(JOBS);
            assertThat(statements.size()).isLessThan(JOBS * 12);
        }
    }

    /** As when its decision never comes: the allotment must not be held for ever. */
    @Test
    void shouldGiveBackWhatIsReservedForAJobThatNobodyDecidesAbout() {
        try (var market = Market.still();
                var rpc = new Rpc(market.url(), Duration.ofSeconds(5));
                var database = Tables.fresh()) {
            // given
            var clock = TestClock.atNoon();
            var reservations = reservations(market, rpc, database, clock);
            var story = Story.aJob(market);
            database.transact(tx -> open(tx, story, clock));
            var deadline = Instant.ofEpochSecond(story.order.deadline());

            // when
            confirm(database, deadline.plus(market.window.multipliedBy(6)));
            reservations.step();
            assertThat(state(database)).isEqualTo("OPEN");
            confirm(database, deadline.plus(market.window.multipliedBy(6)).plusSeconds(1));
            reservations.step();

            // then
            assertThat(state(database)).isEqualTo("RELEASED");
        }
    }

    private static Reservations reservations(Market market, Rpc rpc, Database database, TestClock clock) {
        var node = new EthereumNode(rpc);
        return new Reservations(
                database,
                new OrderTerms(market.domain, market.hub.address(), market.token(), market.window, market.maxOrder),
                node,
                new ContractViews(rpc, node, market.escrowAddress(), market.registryAddress()),
                new FactLog(clock),
                clock,
                Duration.ofMinutes(5),
                0);
    }

    private static void confirm(Database database, Instant time) {
        database.transact(tx -> {
            tx.execute("DELETE FROM chain_block");
            tx.execute("INSERT INTO chain_block (number, hash, parent, time) VALUES (1, '0x1', '0x0', $1)", time);
            tx.execute("INSERT INTO chain_cursor (confirmed) VALUES (1) ON CONFLICT DO NOTHING");
        });
    }

    private static String state(Database database) {
        return database.reading(tx -> tx.queryOne("SELECT state FROM reservation"))
                .orElseThrow()
                .string("state");
    }

    private static void open(Tx tx, Story story, TestClock clock) {
        ReservationBook.insert(
                tx,
                new Reservation(
                        story.job,
                        story.orderHash(),
                        story.order,
                        story.submitted().orderSignature(),
                        Reservation.State.WAITING,
                        clock.instant(),
                        ""));
        ReservationBook.moveTo(tx, story.job, Reservation.State.OPEN);
    }

    /** Notes what is asked of the database. */
    private record Counting(Tx real, List<String> statements) implements Tx {
        @Override
        public List<Row> query(String sql, @Nullable Object... parameters) {
            statements.add(sql);
            return real.query(sql, parameters);
        }

        @Override
        public int execute(String sql, @Nullable Object... parameters) {
            statements.add(sql);
            return real.execute(sql, parameters);
        }

        @Override
        public void later(String sql, @Nullable Object... parameters) {
            statements.add(sql);
            real.later(sql, parameters);
        }

        @Override
        public <G extends Tx.Gathering> G gathering(Class<G> kind, Supplier<G> fresh) {
            return real.gathering(kind, fresh);
        }
    }
}
