package io.perigee.settlement.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.chain.Block;
import io.perigee.settlement.chain.ChainLog;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.EthereumSender;
import io.perigee.settlement.ethereum.RevertReasons;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.ledger.BookEffects;
import io.perigee.settlement.ledger.Ledger;
import io.perigee.settlement.reservation.Allotments;
import io.perigee.settlement.testing.BadNode;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainWatcherIT {
    private static final int CONFIRMATIONS = 3;

    private final TestClock clock = TestClock.atNoon();
    private Market market;
    private Rpc rpc;
    private Database database;
    private ChainWatcher watcher;

    @BeforeAll
    void startChain() {
        market = Market.still();
        market.anvil.call("evm_setAutomine", true);
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
    }

    @AfterAll
    void stopChain() {
        rpc.close();
        market.close();
    }

    @BeforeEach
    void openDatabase() {
        database = Tables.fresh();
        watcher = newWatcher(new EthereumNode(rpc), 64);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void shouldFoldAllEventsIntoBooksThatEqualTheContracts() {
        // given
        market.recall(1_000);
        market.mine(CONFIRMATIONS);

        // when
        catchUp();
        var report = ledger().check();

        // then
        assertThat(report.differences()).isEmpty();
        assertThat(report.compared()).isGreaterThan(6);
        assertThat(report.block()).isEqualTo(market.height() - CONFIRMATIONS);
        assertThat(allotted()).isEqualTo(market.allotment());
    }

    @Test
    void shouldLeapOverOldBlocksAndEndAtTheSameBooks() {
        // given
        market.mine(300);
        watcher = newWatcher(new EthereumNode(rpc), 16);

        // when
        catchUp();

        // then
        assertThat(watcher.status().confirmed()).isEqualTo(market.height() - CONFIRMATIONS);
        assertThat(ledger().check().differences()).isEmpty();
        assertThat(allotted()).isEqualTo(market.allotment());
    }

    @Test
    void shouldNotCountWhatHasTooFewConfirmations() {
        // given
        market.mine(CONFIRMATIONS);
        catchUp();
        var before = allotted();

        // when
        market.allot(10);
        market.mine(CONFIRMATIONS - 1);
        catchUp();
        var early = allotted();
        market.mine(1);
        catchUp();

        // then
        assertThat(early).isEqualTo(before);
        assertThat(allotted()).isEqualTo(before.plus(Amount.of(10)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldEndWithTheChainsBooksAfterAReorganisation(int depth) {
        // given
        market.mine(CONFIRMATIONS + 3);
        catchUp();
        market.allot(7);
        market.mine(depth - 1);
        catchUp();

        // when
        market.reorg(depth);
        catchUp();
        market.mine(CONFIRMATIONS + 1);
        catchUp();

        // then
        assertThat(allotted()).isEqualTo(market.allotment());
        assertThat(ledger().check().differences()).isEmpty();
        assertThat(watcher.status().rollbacks()).isEqualTo(1);
        assertThat(watcher.status().deepRollbacks()).isEqualTo(depth > CONFIRMATIONS ? 1 : 0);
    }

    @Test
    void shouldCountEachEventOnceWhenTwoWatchersRunByMistake() throws Exception {
        // given
        var other = newWatcher(new EthereumNode(rpc), 64);
        market.mine(CONFIRMATIONS);

        // when
        var beside = Thread.ofVirtual().start(() -> patiently(other));
        patiently(watcher);
        beside.join();
        catchUp();

        // then
        assertThat(ledger().check().differences()).isEmpty();
        assertThat(allotted()).isEqualTo(market.allotment());
    }

    @Test
    void shouldTellOthersOfAllotmentsStakesProvidersAndRevokedKeys() {
        // given
        var owner = market.owners.getFirst();
        market.revoke(owner, 7);
        market.mine(CONFIRMATIONS);

        // when
        catchUp();

        // then
        var facts = database.inTransaction(
                tx -> tx.query("SELECT convert_from(payload, 'UTF8') AS json FROM outbox ORDER BY seq"));
        assertThat(facts.stream().map(row -> row.string("json")))
                .anySatisfy(json -> assertThat(json)
                        .contains("AllotmentChanged")
                        .contains(market.builder.address().value()))
                .anySatisfy(json -> assertThat(json)
                        .contains("StakeChanged")
                        .contains(owner.address().value()))
                .anySatisfy(json -> assertThat(json)
                        .contains("ProviderRegistered")
                        .contains(owner.address().value(), owner.provider().value()))
                .anySatisfy(json -> assertThat(json)
                        .contains("SessionKeyRevoked")
                        .contains(owner.address().value(), owner.provider().value(), "\"serial\":7"));
    }

    @Test
    void shouldStandStillWhenTheNodeShowsAnotherChain() {
        // given
        catchUp();
        try (var other = Market.still();
                var otherRpc = new Rpc(other.url(), Duration.ofSeconds(5))) {
            other.mine((int) market.height() + 20);

            // when
            var lost = newWatcher(new EthereumNode(otherRpc), 64);
            boolean more = lost.step();

            // then
            assertThat(more).isFalse();
            assertThat(lost.status().trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("new database"));
        }
    }

    @Test
    void shouldNotMoveBackWhenTheNodeLagsBehind() {
        // given
        market.mine(CONFIRMATIONS + 5);
        catchUp();
        long confirmed = watcher.status().confirmed();

        // when
        var lagging = newWatcher(new Lagging(new EthereumNode(rpc), 6), 64);
        lagging.step();

        // then
        assertThat(lagging.status().rollbacks()).isZero();
        assertThat(confirmed()).isEqualTo(confirmed);
    }

    @Test
    void shouldRefuseLogsOfAnotherBlockThanTheKeptOne() {
        // given
        market.mine(CONFIRMATIONS);
        var lying = newWatcher(new LyingReader(new EthereumNode(rpc)), 10_000);

        // when + then
        assertThatThrownBy(() -> {
                    while (lying.step()) {}
                })
                .isInstanceOf(ChainUnavailable.class)
                .hasMessageContaining("logs");
        assertThat(confirmed()).isEqualTo(-1);
    }

    @Test
    void shouldAskForLessWhenTheNodeLimitsAnswers() {
        // given
        market.mine(CONFIRMATIONS + 100);
        var stingy = newWatcher(new Stingy(new EthereumNode(rpc), 10), 64);

        // when
        int refusals = 0;
        while (confirmed() < market.height() - CONFIRMATIONS) {
            try {
                stingy.step();
            } catch (ChainUnavailable e) {
                refusals++;
            }
        }

        // then
        assertThat(refusals).isPositive();
        assertThat(ledger().check().differences()).isEmpty();
    }

    @Test
    void shouldLoseNoEventThoughOneNodeOfTheEndpointIsFarBehind() {
        // given
        market.allot(10);
        market.mine(CONFIRMATIONS);
        var node = new BadNode(new EthereumNode(rpc), noSender(), new Random(0), 1, depth -> {});
        var blind = newWatcher(node, 64);

        // when
        node.withoutLogs(true);
        var fault = catchThrowable(() -> patiently(blind));
        node.withoutLogs(false);
        patiently(blind);

        // then
        assertThat(fault).isInstanceOf(ChainUnavailable.class);
        assertThat(ledger().check().differences()).isEmpty();
        assertThat(allotted()).isEqualTo(market.allotment());
    }

    private EthereumSender noSender() {
        return new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
    }

    @Test
    void shouldBeToldByTheNodeThatItDoesNotHaveABlock() {
        // given
        var node = new EthereumNode(rpc);
        var head = node.head();
        var unknown = new Block(head.number() + 1, Market.word("unknown"), head.hash(), head.time());

        // when + then
        assertThatThrownBy(() -> node.logs(unknown, List.of(market.escrowAddress())))
                .isInstanceOf(ChainUnavailable.class);
    }

    private void catchUp() {
        patiently(watcher);
    }

    private static void patiently(ChainWatcher watcher) {
        while (watcher.step()) {
            // more to read
        }
    }

    private long confirmed() {
        return database.inTransaction(tx -> ChainBook.confirmed(tx, 0));
    }

    private Amount allotted() {
        var key = new Allotments.Key(market.builder.address(), market.hub.address(), market.token());
        return database.inTransaction(tx -> Allotments.lock(tx, key)).total();
    }

    private Ledger ledger() {
        var node = new EthereumNode(rpc);
        return new Ledger(
                database,
                new ContractViews(rpc, node, market.escrowAddress(), market.registryAddress()),
                market.token(),
                0);
    }

    private ChainWatcher newWatcher(ChainReader reader, int history) {
        var contracts = List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress());
        return new ChainWatcher(
                database,
                reader,
                new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                contracts,
                new BookEffects(market.hub.address(), market.epochsAddress(), new FactLog(clock)),
                new WatchLimits(0, CONFIRMATIONS, 50, history),
                clock);
    }

    /** A node that answers for so many blocks at once, and no more. */
    private static final class Stingy extends PassingReader {
        private final int most;

        Stingy(ChainReader real, int most) {
            super(real);
            this.most = most;
        }

        @Override
        public List<ChainLog> logs(long from, long to, List<Address> emitters) {
            if (to - from >= most) {
                throw new ChainUnavailable("query exceeds the limit");
            }
            return super.logs(from, to, emitters);
        }
    }

    /** A node some blocks behind the others. */
    private static final class Lagging extends PassingReader {
        private final int behind;

        Lagging(ChainReader real, int behind) {
            super(real);
            this.behind = behind;
        }

        @Override
        public Block head() {
            return super.block(super.head().number() - behind).orElseThrow();
        }

        @Override
        public Optional<Block> block(long number) {
            return number > head().number() ? Optional.empty() : super.block(number);
        }
    }
}
