package io.perigee.settlement.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.ReleaseCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Books folded from events alone know what an epoch paid of an order, once somebody carried it. */
class CarriedIT {
    private EpochMarket town;
    private Market market;
    private Rpc rpc;

    @BeforeEach
    void start() {
        town = EpochMarket.live();
        market = town.market;
        rpc = new Rpc(market.url(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        rpc.close();
        town.close();
    }

    @Test
    void shouldKnowWhatACarriedOrderCostAndEachOfItsAssignmentsEarned() {
        // given: the builder released a part to the first owner, and an epoch paid both
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        var calls = new EpochCalls(rpc, market.epochsAddress());
        long released = Story.PRICE / 4;
        release(story, released);
        var epoch = town.ledgerOf(List.of(story));
        town.forwardToPosting(id);
        market.call(market.payer, calls.post(epoch));
        town.forwardToFinal(id);
        market.call(market.payer, calls.settle(epoch));

        // when
        market.call(market.payer, calls.carry(epoch, story.order, story.orderHash()));

        // then
        try (var database = Tables.fresh()) {
            read(database);
            assertThat(costOf(database, story)).isEqualTo(Amount.of(2 * Story.PRICE + released));
            assertThat(earned(database, story))
                    .isEqualTo(Map.of(
                            hash(story, 0), Amount.of(Story.PRICE + released), hash(story, 1), Amount.of(Story.PRICE)));
            var views = new ContractViews(rpc, new EthereumNode(rpc), market.escrowAddress(), market.registryAddress());
            assertThat(new Ledger(database, views, market.token(), 0).check().differences())
                    .isEmpty();
        }
    }

    private void release(Story story, long amount) {
        var owner = market.owners.getFirst();
        var assignment = story.assignment(0, owner);
        var assignmentHash = assignment.digest(market.domain);
        Market.ask(() -> ReleaseCalls.byTheBuilder(
                        market.escrow(market.builder),
                        story.order,
                        story.orderHash().bytes(),
                        assignment,
                        assignmentHash.bytes(),
                        market.hub.sign(assignmentHash),
                        owner.address(),
                        amount)
                .send());
    }

    private Digest hash(Story story, int run) {
        return story.assignment(run, market.owners.get(run)).digest(market.domain);
    }

    /** Folds all events of the chain. */
    private void read(Database database) {
        var clock = TestClock.atNoon();
        var watcher = new ChainWatcher(
                database,
                new EthereumNode(rpc),
                new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                new BookEffects(market.hub.address(), market.epochsAddress(), new FactLog(clock)),
                new WatchLimits(0, 0, 500, 64),
                clock);
        while (watcher.step()) {
            // more to read
        }
    }

    private static Amount costOf(Database database, Story story) {
        return database.inTransaction(tx -> tx.queryOne(
                        "SELECT spent FROM book_order WHERE order_hash = $1",
                        story.orderHash().value())
                .map(row -> new Amount(row.bigInteger("spent")))
                .orElseThrow());
    }

    private static Map<Digest, Amount> earned(Database database, Story story) {
        return database.inTransaction(tx -> tx
                .query(
                        "SELECT assignment_hash, total FROM book_earned WHERE order_hash = $1",
                        story.orderHash().value())
                .stream()
                .collect(Collectors.toMap(
                        row -> Digest.parse(row.string("assignment_hash")),
                        row -> new Amount(row.bigInteger("total")))));
    }
}
