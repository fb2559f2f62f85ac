package io.perigee.settlement.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Orders that wait for an allotment. */
class WaitingIT {
    /** As many as are looked at in one round. */
    private static final int ROUND = 100;

    @Test
    void shouldFundAnOrderThoughManyThatCannotBeFundedCameBeforeIt() {
        try (var market = Market.still();
                var rpc = new Rpc(market.url(), Duration.ofSeconds(5));
                var database = Tables.fresh()) {
            // given: what the first builder allotted is on the chain, and not in the confirmed books
            var clock = TestClock.atNoon();
            var node = new EthereumNode(rpc);
            var reservations = new Reservations(
                    database,
                    new OrderTerms(market.domain, market.hub.address(), market.token(), market.window, market.maxOrder),
                    node,
                    new ContractViews(rpc, node, market.escrowAddress(), market.registryAddress()),
                    new FactLog(clock),
                    clock,
                    Duration.ofMinutes(5),
                    0);
            var other = Market.key("other builder");
            var late = Story.aJob(market).byEpoch(other, market.time() + 3_600);
            database.transact(tx -> {
                for (int i = 0; i < ROUND; i++) {
                    waiting(tx, Story.aJob(market), market.builder, clock, 60);
                }
                waiting(tx, late, other, clock, 90);
                tx.execute(
                        "INSERT INTO book_allotment (builder, hub, token, allotted, recalled, block) VALUES ($1, $2, $3, $4::bigint, 0, 1)",
                        other.address().value(),
                        market.hub.address().value(),
                        market.token().value(),
                        Market.ALLOTTED);
            });

            // when
            reservations.step();
            reservations.step();

            // then
            assertThat(database.inTransaction(tx -> ReservationBook.find(tx, late.job))
                            .orElseThrow()
                            .state())
                    .isEqualTo(Reservation.State.OPEN);
        }
    }

    private static void waiting(Tx tx, Story story, KeyPair builder, TestClock clock, long seconds) {
        ReservationBook.insert(
                tx,
                new Reservation(
                        story.job,
                        story.orderHash(),
                        story.order,
                        builder.sign(story.orderHash()),
                        Reservation.State.WAITING,
                        clock.instant().plusSeconds(seconds),
                        ""));
    }
}
