package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.contracts.Deployment;
import io.perigee.contracts.Epochs;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Credit;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.testing.Market;
import io.perigee.testkit.chain.Anvil;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.response.PollingTransactionReceiptProcessor;
import org.web3j.utils.Numeric;

/** What the protocol computes of an epoch, asked of the real contract. One account is hub and settler. */
class EpochCallsIT {
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final BigInteger BOND = BigInteger.valueOf(1_000_000);
    private static final BigInteger MONEY = BOND.multiply(BigInteger.TWO);
    private static final Digest NO_ORDER = Market.word("no order");

    private final Anvil anvil = Anvil.startAutomine();
    private final Web3j web3j = Web3j.build(new HttpService(anvil.url()));
    private final Rpc rpc = new Rpc(URI.create(anvil.url()), Duration.ofSeconds(10));
    private final EthereumSender sender = new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
    private final KeyPair hub = KeyPair.ofSecret(Numeric.hexStringToByteArray(Anvil.FUNDED_KEYS.getFirst()));
    private Deployment deployment;
    private TransactionManager manager;
    private Address epochs;
    private EpochCalls calls;

    @BeforeEach
    void openBook() throws Exception {
        var credentials = Credentials.create(Anvil.FUNDED_KEYS.getFirst());
        deployment = Deployment.deploy(web3j, credentials, WINDOW, Duration.ofHours(2));
        manager = new RawTransactionManager(web3j, credentials, deployment.chainId(), 1_000, 20);
        var token = deployment.token(web3j, manager);
        var escrow = deployment.escrow(web3j, manager);
        token.mint(hub.address().value(), MONEY).send();
        token.approve(deployment.escrow(), MONEY).send();
        escrow.deposit(deployment.token(), MONEY).send();
        epochs = Address.parse(escrow.epochs().send());
        calls = new EpochCalls(rpc, epochs);
        var wrapper = Epochs.load(epochs.value(), web3j, manager, Deployment.gas(deployment.chainId()));
        wrapper.appoint(hub.address().value(), deployment.token()).send();
        wrapper.open(hub.address().value(), deployment.token(), BOND).send();
    }

    @AfterEach
    void stop() {
        rpc.close();
        web3j.shutdown();
        anvil.close();
    }

    @Test
    void shouldPostWhatTheContractTakesAndProveEachLine() throws Exception {
        // given
        var ledger = EpochLedger.of(lastWindow(), lines(11));

        // when
        var posted = Epochs.getPostedEvents(send(calls.post(ledger))).getFirst();

        // then
        assertThat(Digest.of(posted.root)).isEqualTo(ledger.content().root());
        assertThat(posted.number).isEqualTo(BigInteger.valueOf(ledger.id().number()));
        assertThat(Accounts.decode(posted.accounts)).isEqualTo(ledger.accounts());
        for (int i = 0; i + 1 < ledger.lines().count(); i++) {
            // proven, and so no fault
            assertThat(reason(calls.accuseLines(ledger, i, i + 2))).isEqualTo("NoFault");
        }
        for (int which = 0; which < ledger.accounts().debits().size(); which++) {
            assertThat(reason(calls.accuseDebit(ledger, which))).isEqualTo("NoFault");
        }
        assertThat(reason(calls.settle(ledger))).isEqualTo("EpochNotFinal");
    }

    @Test
    void shouldAnswerThatAnOrderHasNoLine() throws Exception {
        // given
        var ledger = EpochLedger.of(lastWindow(), lines(5));
        send(calls.post(ledger));
        var builder = ledger.lines().builder(2);
        send(calls.demandOrder(ledger.id(), builder, NO_ORDER));

        // when
        var receipt = send(calls.answerNone(ledger, builder, NO_ORDER));

        // then
        assertThat(Epochs.getAnsweredEvents(receipt)).hasSize(1);
    }

    @Test
    void shouldAccuseAnEpochOfCreditsToSomebodyElse() throws Exception {
        // given
        var id = lastWindow();
        var honest = EpochLedger.of(id, lines(6));
        var credits = new ArrayList<>(honest.accounts().credits());
        var robbed = credits.removeFirst();
        credits.add(new Credit(Address.parse("0x" + "ff".repeat(20)), robbed.amount()));
        var ledger = EpochLedger.posted(
                id, honest.lines(), new Accounts(honest.accounts().debits(), credits));
        send(calls.post(ledger));
        var theirs = IntStream.range(0, 6)
                .boxed()
                .filter(i -> ledger.lines().owner(i).equals(robbed.owner()))
                .toList();

        // when
        var receipt = send(calls.accuseCredit(ledger, robbed.owner(), theirs));

        // then
        assertThat(Epochs.getBookRuinedEvents(receipt)).hasSize(1);
    }

    private EpochId lastWindow() {
        long time = Numeric.toBigInt(anvil.call("eth_getBlockByNumber", "latest", false)
                        .path("timestamp")
                        .asText())
                .longValue();
        return new EpochId(hub.address(), Address.parse(deployment.token()), EpochId.numberOf(time, WINDOW) - 1);
    }

    private static Lines lines(int count) {
        var collector = new LineCollector();
        for (int i = 0; i < count; i++) {
            collector.add(
                    Market.key("builder" + i / 2 % 3).address(),
                    Market.word("order" + i / 2),
                    Market.word("assignment" + i),
                    Market.key("owner" + i % 3).address(),
                    Amount.of(10 + i));
        }
        return collector.lines();
    }

    private String reason(Call call) {
        return sender.estimate(hub.address(), call) instanceof Estimate.WouldRevert(var revert)
                ? revert.code()
                : "none";
    }

    private TransactionReceipt send(Call call) throws Exception {
        var sent = ((RawTransactionManager) manager)
                .sendEIP1559Transaction(
                        deployment.chainId(),
                        BigInteger.valueOf(1_000_000_000L),
                        BigInteger.valueOf(100_000_000_000L),
                        BigInteger.valueOf(12_000_000L),
                        call.to().value(),
                        Numeric.toHexString(call.data()),
                        BigInteger.ZERO);
        return new PollingTransactionReceiptProcessor(web3j, 20, 1_000)
                .waitForTransactionReceipt(sent.getTransactionHash());
    }
}
