package io.perigee.settlement.payout;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.key.KeySigner;
import io.perigee.eventlog.postgres.Database;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.EthereumSender;
import io.perigee.settlement.ethereum.RevertReasons;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.ethereum.SigningWallet;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.intent.FeePolicy;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.IntentWriter;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.intent.WriterAlarms;
import io.perigee.settlement.intent.WriterLimits;
import io.perigee.settlement.intent.WriterTools;
import io.perigee.settlement.ledger.BookEffects;
import io.perigee.settlement.reservation.OrderTerms;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import io.perigee.testkit.TestClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else pays a job in a block that does not count yet when our own way ends. */
class EndedUnconfirmedIT {
    private static final int CONFIRMATIONS = 3;

    private Market market;
    private Rpc rpc;
    private Database database;
    private TestClock clock;
    private ChainWatcher watcher;
    private IntentWriter writer;
    private Reservations reservations;
    private Payouts payouts;

    @BeforeEach
    void start() {
        market = Market.still();
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
        database = Tables.fresh();
        clock = TestClock.at(Instant.ofEpochSecond(market.time()));
        var node = new EthereumNode(rpc);
        var facts = new FactLog(clock);
        watcher = new ChainWatcher(
                database,
                node,
                new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                new BookEffects(market.hub.address(), market.epochsAddress(), facts),
                new WatchLimits(0, CONFIRMATIONS, 500, 64),
                clock);
        reservations = new Reservations(
                database,
                new OrderTerms(market.domain, market.hub.address(), market.token(), market.window, market.maxOrder),
                node,
                new ContractViews(rpc, node, market.escrowAddress(), market.registryAddress()),
                facts,
                clock,
                Duration.ofMinutes(5),
                0);
        payouts = new Payouts(
                database,
                market.domain,
                market.window,
                new EscrowCalls(rpc, market.escrowAddress()),
                reservations,
                node,
                facts,
                clock,
                0);
        writer = new IntentWriter(new WriterTools(
                database,
                node,
                new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors())),
                new SigningWallet(new KeySigner(market.payer), market.domain.chainId()),
                new FeePolicy(BigInteger.valueOf(1_000_000), BigInteger.valueOf(200_000_000_000L)),
                new WriterLimits(
                        CONFIRMATIONS,
                        16,
                        4,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(5),
                        Duration.ZERO),
                clock,
                payouts,
                new WriterAlarms()));
    }

    @AfterEach
    void stop() {
        rpc.close();
        database.close();
        market.close();
    }

    @Test
    void shouldWaitForWhatTheChainPaidBeforeItsTimeWasOver() {
        // given
        var story = paidByItsBuilder();
        writer.step();
        var parked = state(story);
        market.forwardTo(story.order.deadline() + 6 * market.window.toSeconds() + 1);

        // when
        writer.step();
        payouts.step();
        var ended = state(story);
        var early = debt(story).state();
        market.mine(CONFIRMATIONS);
        watch();
        payouts.step();

        // then
        assertThat(parked).isEqualTo(IntentState.PARKED);
        assertThat(ended).isEqualTo(IntentState.ABANDONED);
        assertThat(early).isEqualTo(Debt.State.SENDING);
        assertThat(debt(story).state()).isEqualTo(Debt.State.MATURING);
    }

    @Test
    void shouldWaitForWhatTheChainPaidBeforeAnOperatorGaveUp() {
        // given
        var story = paidByItsBuilder();
        writer.step();
        database.inTransaction(
                tx -> IntentBook.abandon(tx, Purpose.direct(story.job), "it takes too long", clock.instant()));

        // when
        payouts.step();
        var beforeTheWriter = debt(story).state();
        writer.step();
        payouts.step();
        var early = debt(story).state();
        market.mine(CONFIRMATIONS);
        watch();
        payouts.step();

        // then
        assertThat(beforeTheWriter).isEqualTo(Debt.State.SENDING);
        assertThat(early).isEqualTo(Debt.State.SENDING);
        assertThat(debt(story).state()).isEqualTo(Debt.State.MATURING);
    }

    /** A funded job that is decided when its builder has shown the evidence in a block that does not count yet. */
    private Story paidByItsBuilder() {
        market.mine(CONFIRMATIONS);
        watch();
        var story = Story.aJob(market);
        database.transact(tx -> reservations.submitted(tx, story.submitted(), ""));
        market.anvil.call("evm_setAutomine", true);
        market.direct(story, story.agreed());
        market.anvil.call("evm_setAutomine", false);
        watch();
        database.transact(tx -> payouts.decided(tx, story.job, story.agreed(), ""));
        return story;
    }

    private void watch() {
        while (watcher.step()) {
            // more to read
        }
    }

    private IntentState state(Story story) {
        return database.inTransaction(tx -> IntentBook.find(tx, Purpose.direct(story.job)))
                .orElseThrow()
                .state();
    }

    private Debt debt(Story story) {
        return database.inTransaction(tx -> DebtBook.find(tx, story.job)).orElseThrow();
    }
}
