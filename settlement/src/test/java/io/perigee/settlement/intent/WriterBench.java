package io.perigee.settlement.intent;

import io.perigee.eventlog.key.KeySigner;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.EthereumSender;
import io.perigee.settlement.ethereum.RevertReasons;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.ethereum.SigningWallet;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain that mines when it is told, a database, and writers between them. */
final class WriterBench implements AutoCloseable {
    static final int CONFIRMATIONS = 3;
    static final Duration MARGIN = Duration.ofSeconds(10);
    static final Call HARMLESS = new Call(Address.of(new byte[20]), new byte[] {1});

    final TestClock clock = TestClock.atNoon();
    final WriterAlarms alarms = new WriterAlarms();
    final List<Digest> told = new ArrayList<>();
    final Market market = Market.still();
    final Database database = Tables.fresh();
    final Rpc rpc = new Rpc(market.url(), Duration.ofSeconds(5));
    final ChainReader reader = new EthereumNode(rpc);
    final ChainSender sender = new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
    private int epochs;

    IntentWriter writer() {
        return writer(reader, sender, 16, 4, fees(BigInteger.valueOf(200_000_000_000L)));
    }

    IntentWriter writer(ChainSender through) {
        return writer(reader, through, 16, 4, fees(BigInteger.valueOf(200_000_000_000L)));
    }

    IntentWriter writer(ChainReader from, ChainSender through) {
        return writer(from, through, 16, 4, fees(BigInteger.valueOf(200_000_000_000L)));
    }

    IntentWriter writer(int maxInFlight, int answerSlots) {
        return writer(reader, sender, maxInFlight, answerSlots, fees(BigInteger.valueOf(200_000_000_000L)));
    }

    IntentWriter writer(ChainSender through, FeePolicy fees) {
        return writer(reader, through, 16, 4, fees);
    }

    /** On a chain where a block counts after more of them. */
    IntentWriter writerWaitingFor(int confirmations) {
        return writer(reader, sender, 16, 4, fees(BigInteger.valueOf(200_000_000_000L)), confirmations);
    }

    private IntentWriter writer(
            ChainReader from, ChainSender through, int maxInFlight, int answerSlots, FeePolicy fees) {
        return writer(from, through, maxInFlight, answerSlots, fees, CONFIRMATIONS);
    }

    private IntentWriter writer(
            ChainReader from,
            ChainSender through,
            int maxInFlight,
            int answerSlots,
            FeePolicy fees,
            int confirmations) {
        var limits = new WriterLimits(
                confirmations,
                maxInFlight,
                answerSlots,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                MARGIN);
        return new IntentWriter(new WriterTools(
                database,
                from,
                through,
                new SigningWallet(new KeySigner(market.payer), market.domain.chainId()),
                fees,
                limits,
                clock,
                (tx, intent, hash) -> told.add(hash),
                alarms));
    }

    static FeePolicy fees(BigInteger cap) {
        return new FeePolicy(BigInteger.valueOf(1_000_000), cap);
    }

    Purpose plan() {
        return plan(Purpose.direct(Story.aJob(market).job), HARMLESS, Optional.empty());
    }

    Purpose plan(Purpose purpose, Call call, Optional<Instant> giveUpAt) {
        database.transact(tx -> IntentBook.plan(tx, purpose, Optional.empty(), call, clock.instant(), giveUpAt));
        return purpose;
    }

    /** Another one each time. */
    EpochId anEpoch() {
        epochs++;
        return new EpochId(market.hub.address(), market.token(), epochs);
    }

    Instant chainTime() {
        return Instant.ofEpochSecond(market.time());
    }

    Intent intent(Purpose purpose) {
        return database.inTransaction(tx -> IntentBook.find(tx, purpose)).orElseThrow();
    }

    List<SignedTransaction> signed(long nonce) {
        return database.inTransaction(tx -> NonceBook.of(tx, market.payer.address(), nonce));
    }

    @Override
    public void close() {
        rpc.close();
        database.close();
        market.close();
    }
}
