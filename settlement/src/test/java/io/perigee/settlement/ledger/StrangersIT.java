package io.perigee.settlement.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.TestToken;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.ethereum.ContractEvents;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.reservation.Allotments;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Tables;
import io.perigee.settlement.watch.ChainWatcher;
import io.perigee.settlement.watch.WatchLimits;
import io.perigee.testkit.TestClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.gas.StaticGasProvider;

/** Anybody may use the same contracts, with a token and a hub of its own: that costs gas, and must not stop us. */
class StrangersIT {
    private static final BigInteger GAS_PRICE = BigInteger.valueOf(2_000_000_000L);
    private static final BigInteger GAS = BigInteger.valueOf(5_000_000);
    private static final BigInteger ALL = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    private static final BigInteger BOND = BigInteger.valueOf(1_000);

    private final KeyPair stranger = Market.key("stranger");
    private Market market;
    private Web3j web3j;
    private Rpc rpc;

    @BeforeEach
    void start() {
        market = Market.live(Duration.ofMinutes(10), Market.MAX_ORDER);
        market.funded(stranger);
        web3j = Web3j.build(new HttpService(market.anvil.url()));
        rpc = new Rpc(market.url(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        rpc.close();
        web3j.shutdown();
        market.close();
    }

    @Test
    void shouldReadOnPastADemandOfALineThatNoIntegerHolds() {
        // given
        var token = tokenOfItsOwn();
        deposit(token);
        var posted = post(token, 4_000_000_000L);

        // when
        Market.ask(() -> market.epochs(stranger)
                .demandLine(
                        new Epochs.Epoch(stranger.address().value(), token.getContractAddress(), posted.number),
                        new Epochs.Content(
                                posted.root,
                                BigInteger.valueOf(4_000_000_000L),
                                Keccak256.hash(posted.accounts).bytes()),
                        BigInteger.valueOf(3_000_000_000L))
                .send());
        market.allot(7);

        // then
        assertThatWeGoOn();
    }

    @Test
    void shouldReadOnPastSumsOfATokenThatNoUint256Holds() {
        // given
        var token = tokenOfItsOwn();

        // when: there and back, again and again
        for (int i = 0; i < 10; i++) {
            deposit(token);
            Market.ask(() -> market.escrow(stranger)
                    .withdraw(token.getContractAddress(), stranger.address().value(), ALL)
                    .send());
        }
        market.allot(7);

        // then
        assertThatWeGoOn();
    }

    @Test
    void shouldCompareItsOwnTokenWhateverAnotherSays() {
        // given
        var token = tokenOfItsOwn();
        deposit(token);

        // when: it reverts from now on
        market.anvil.call("anvil_setCode", token.getContractAddress(), "0xfe");
        market.allot(7);

        // then
        assertThatWeGoOn();
    }

    private void assertThatWeGoOn() {
        try (var database = Tables.fresh()) {
            read(database);
            var views = new ContractViews(rpc, new EthereumNode(rpc), market.escrowAddress(), market.registryAddress());
            var report = new Ledger(database, views, market.token(), 0).check();
            assertThat(report.differences()).isEmpty();
            assertThat(report.compared()).isGreaterThan(6);
            var key = new Allotments.Key(market.builder.address(), market.hub.address(), market.token());
            assertThat(database.inTransaction(tx -> Allotments.lock(tx, key)).total())
                    .isEqualTo(Amount.of(Market.ALLOTTED + 7));
        }
    }

    private TestToken tokenOfItsOwn() {
        var gas = new StaticGasProvider(GAS_PRICE, GAS);
        return Market.ask(() -> {
            var token = TestToken.deploy(web3j, market.manager(stranger), gas).send();
            token.mint(stranger.address().value(), ALL).send();
            token.approve(market.deployment.escrow(), ALL).send();
            return token;
        });
    }

    private void deposit(TestToken token) {
        Market.ask(() ->
                market.escrow(stranger).deposit(token.getContractAddress(), ALL).send());
    }

    /** Of a hub that is its own settler. */
    private Epochs.PostedEventResponse post(TestToken token, long lines) {
        var address = token.getContractAddress();
        var own = stranger.address().value();
        return Market.ask(() -> {
            var epochs = market.epochs(stranger);
            epochs.appoint(own, address).send();
            epochs.open(own, address, BOND).send();
            long window = market.window.toSeconds();
            market.forwardTo((market.time() / window + 1) * window);
            var receipt = epochs.post(
                            address,
                            BigInteger.valueOf(market.time() / window - 1),
                            Market.word("root").bytes(),
                            List.of(new Epochs.Debit(own, BigInteger.valueOf(lines), BigInteger.ONE)),
                            List.of(new Epochs.Credit(own, BigInteger.ONE)))
                    .send();
            return Epochs.getPostedEvents(receipt).getFirst();
        });
    }

    /** Folds all events of the chain. */
    private void read(Database database) {
        var clock = TestClock.atNoon();
        var contracts = List.of(market.escrowAddress(), market.registryAddress(), market.epochsAddress());
        var watcher = new ChainWatcher(
                database,
                new EthereumNode(rpc),
                new ContractEvents(market.escrowAddress(), market.registryAddress(), market.epochsAddress()),
                contracts,
                new BookEffects(market.hub.address(), market.epochsAddress(), new FactLog(clock)),
                new WatchLimits(0, 0, 500, 64),
                clock);
        while (watcher.step()) {
            // more to read
        }
    }
}
