package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.key.KeySigner;
import io.perigee.eventlog.postgres.Database;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainUnavailable;
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
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.IntentWriter;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.intent.WriterAlarms;
import io.perigee.settlement.intent.WriterLimits;
import io.perigee.settlement.intent.WriterTools;
import io.perigee.settlement.ledger.BookEffects;
import io.perigee.settlement.ledger.Ledger;
import io.perigee.settlement.testing.BadNode;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import io.perigee.testkit.TestClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.web3j.utils.Numeric;

/**
 * Writer and watcher on a real chain that goes wrong at any of their calls: blocks replaced 1 to 12 deep, answers lost, calls
 * refused, heads that lag, bytes swallowed or refused, the process killed, and started twice by mistake. In the end every
 * purpose has happened exactly once, no nonce is missing, and the books say what the contracts say.
 *
 * <p>{@code -Dperigee.faults.seeds=200} runs more; {@code -Dperigee.faults.first=N} begins with another seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainFaultsIT {
    private static final int CONFIRMATIONS = 12;
    private static final int PURPOSES = 6;
    private static final int ROUNDS = 40;

    /** anvil forgets its contracts after some hundred replaced blocks. */
    private static final int SEEDS_A_CHAIN = 5;

    private final TestClock clock = TestClock.atNoon();
    private final Map<BadNode.Fault, Integer> happened = new EnumMap<>(BadNode.Fault.class);
    private Market market;
    private Rpc rpc;
    private int seedsDone;

    static LongStream seeds() {
        long first = Long.getLong("perigee.faults.first", 0);
        return LongStream.range(first, first + Long.getLong("perigee.faults.seeds", 20));
    }

    @BeforeEach
    void start() {
        if (seedsDone++ % SEEDS_A_CHAIN != 0) {
            return;
        }
        close();
        market = Market.still();
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
        market.anvil.call("evm_setAutomine", true);
        market.fill(market.payer, 1L << 40);
        market.anvil.call("evm_setAutomine", false);
        market.mine(CONFIRMATIONS + 1);
    }

    @AfterAll
    void stop() {
        System.out.println("faults of all seeds: " + happened);
        close();
    }

    private void close() {
        if (market != null) {
            rpc.close();
            market.close();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldDoEveryPurposeOnceWhateverTheNodeDoes(long seed) {
        // given
        var random = new Random(seed);
        long begin = market.height();
        try (var database = Tables.fresh()) {
            var node = badNode(random, begin);
            var programs = new Programs(database, node);
            var before = market.free(market.payer);
            long nonces = market.minedCount(market.payer);
            List<Purpose> purposes = new ArrayList<>();

            // when
            node.healthy(false);
            for (int round = 0; round < ROUNDS; round++) {
                if (purposes.size() < PURPOSES && random.nextInt(3) == 0) {
                    purposes.add(plan(database, 1L << purposes.size()));
                }
                node.down(round >= 20 && round < 25 && seed % 4 == 0); // for ten minutes
                programs.step(random);
                clock.advance(Duration.ofSeconds(node.isDown() ? 120 : random.nextInt(20)));
                if (random.nextInt(2) == 0) {
                    market.mine(1 + random.nextInt(4));
                }
            }
            node.healthy(true);
            while (purposes.size() < PURPOSES) {
                purposes.add(plan(database, 1L << purposes.size()));
            }
            for (int round = 0; round < 60 && !allConfirmed(database, purposes); round++) {
                programs.step(random);
                clock.advance(Duration.ofSeconds(40));
                market.mine(CONFIRMATIONS + 1);
            }
            market.mine(CONFIRMATIONS + 1);
            programs.step(random);
            programs.step(random);
            node.happened().forEach((fault, times) -> happened.merge(fault, times, Integer::sum));

            // then
            var intents =
                    purposes.stream().map(purpose -> find(database, purpose)).toList();
            assertThat(intents).extracting(Intent::state).as("seed " + seed).containsOnly(IntentState.CONFIRMED);
            assertThat(market.free(market.payer).value().subtract(before.value()))
                    .as("deposits of 1, 2, 4 …, each once, seed " + seed)
                    .isEqualTo(BigInteger.valueOf((1L << PURPOSES) - 1));
            assertThat(usedNonces(database))
                    .as("nonces in a row, seed " + seed)
                    .containsExactlyElementsOf(LongStream.range(nonces, market.minedCount(market.payer))
                            .boxed()
                            .toList());
            assertThat(ledger(database).check().differences())
                    .as("books and contracts, seed " + seed)
                    .isEmpty();
            assertThat(depositsInBooks(database, market, begin))
                    .as("events, seed " + seed)
                    .isEqualTo(PURPOSES);
        }
    }

    private BadNode badNode(Random random, long begin) {
        return new BadNode(
                new EthereumNode(rpc),
                new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors())),
                random,
                CONFIRMATIONS,
                depth -> {
                    int possible = (int) Math.min(depth, market.height() - begin);
                    if (possible > 0) {
                        market.reorg(possible);
                    }
                });
    }

    /** The payer's own deposit; the amounts are powers of two, so a sum says which came how often. */
    private Purpose plan(Database database, long amount) {
        var job = Story.aJob(market).job;
        var purpose = Purpose.direct(job);
        var data = market.escrow(market.payer)
                .deposit(market.deployment.token(), BigInteger.valueOf(amount))
                .encodeFunctionCall();
        var call = new Call(market.escrowAddress(), Numeric.hexStringToByteArray(data));
        database.transact(
                tx -> IntentBook.plan(tx, purpose, Optional.of(job), call, clock.instant(), Optional.empty()));
        return purpose;
    }

    private Ledger ledger(Database database) {
        var reader = new EthereumNode(rpc);
        var views = new ContractViews(rpc, reader, market.escrowAddress(), market.registryAddress());
        return new Ledger(database, views, market.token(), 0);
    }

    private static Intent find(Database database, Purpose purpose) {
        return database.inTransaction(tx -> IntentBook.find(tx, purpose)).orElseThrow();
    }

    private static boolean allConfirmed(Database database, List<Purpose> purposes) {
        return purposes.stream().allMatch(purpose -> find(database, purpose).state() == IntentState.CONFIRMED);
    }

    private static List<Long> usedNonces(Database database) {
        return database
                .inTransaction(tx -> tx.query("SELECT DISTINCT nonce FROM signed_transaction ORDER BY nonce"))
                .stream()
                .map(row -> row.number("nonce"))
                .toList();
    }

    private static long depositsInBooks(Database database, Market market, long begin) {
        return database.inTransaction(tx -> tx.queryOne(
                        "SELECT count(*) AS n FROM chain_event WHERE kind = 'Deposited' AND block > $1 AND position($2 IN body) > 0",
                        begin,
                        market.payer.address().value()))
                .orElseThrow()
                .number("n");
    }

    /** Two services on one database, one of them started by mistake; who is killed is started again. */
    private final class Programs {
        private final Database database;
        private final BadNode node;
        private final WriterAlarms alarms = new WriterAlarms();
        private final List<Program> running = new ArrayList<>();

        Programs(Database database, BadNode node) {
            this.database = database;
            this.node = node;
            running.add(new Program());
            running.add(new Program());
        }

        void step(Random random) {
            int who = random.nextInt(4) == 0 ? 1 : 0;
            try {
                running.get(who).step();
            } catch (ChainUnavailable e) {
                // as the service does: once more later
            } catch (BadNode.Killed e) {
                running.set(who, new Program());
            }
        }

        private final class Program {
            private final ChainWatcher watcher = new ChainWatcher(
                    database,
                    node,
                    new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                    List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                    new BookEffects(market.hub.address(), market.epochsAddress(), new FactLog(clock)),
                    new WatchLimits(0, CONFIRMATIONS, 5_000, 64),
                    clock);
            private final IntentWriter writer = new IntentWriter(new WriterTools(
                    database,
                    node,
                    node,
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
                            Duration.ofSeconds(10)),
                    clock,
                    (tx, intent, hash) -> {},
                    alarms));

            void step() {
                while (watcher.step()) {
                    // more to read
                }
                writer.step();
            }
        }
    }
}
