package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.key.RemoteSigner;
import io.perigee.eventlog.key.SignerFault;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Submission;
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
import io.perigee.testkit.signer.SignerServer;
import io.perigee.testkit.signer.SignerServer.Manner;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The writer beside a remote signer that is away, or signs otherwise each time. */
class SignerOutageIT {
    private static final Call HARMLESS = new Call(Address.of(new byte[20]), new byte[] {1});

    private final TestClock clock = TestClock.atNoon();
    private final List<Digest> told = new ArrayList<>();
    private Market market;
    private SignerServer server;
    private RemoteSigner signer;
    private Rpc rpc;
    private Database database;

    @BeforeEach
    void start() {
        market = Market.still();
        server = SignerServer.start(
                "secret", Keystore.write(market.payer, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        server.manner(Manner.FRESH);
        signer = RemoteSigner.connect(server.url(), market.payer.address(), Duration.ofSeconds(3));
        rpc = new Rpc(market.url(), Duration.ofSeconds(5));
        database = Tables.fresh();
    }

    @AfterEach
    void stop() {
        database.close();
        rpc.close();
        signer.close();
        server.close();
        market.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILING", "SILENT", "FORBIDDING", "WITHOUT_THE_KEY", "NONSENSE", "SHORT"})
    void shouldTakeNoNonceForWhatIsNotSigned(Manner manner) {
        // given
        var purpose = plan();
        long before = market.minedCount(market.payer);
        var writer = writer();
        server.manner(manner);

        // when
        assertThatExceptionOfType(SignerFault.class).isThrownBy(writer::step);
        server.manner(Manner.FRESH);
        writer.step();
        market.mine(2);
        writer.step();

        // then
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(market.minedCount(market.payer)).isEqualTo(before + 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void shouldSendWhatIsSignedThoughTheSignerIsAway() {
        // given one that is signed and did not reach the node, and one that is not signed yet
        var signed = plan();
        var lost = catchThrowable(writer(new LosingSender(node()))::step);
        plan();
        server.manner(Manner.FAILING);
        var writer = writer();

        // when
        var fault = catchThrowable(writer::step);

        // then
        assertThat(lost).isInstanceOf(ChainUnavailable.class);
        assertThat(fault).isInstanceOf(SignerFault.class);
        assertThat(told).containsExactly(hash(signed));
    }

    @Test
    void shouldSendTheStoredBytesAgainAndNoOthers() {
        // given
        var purpose = plan();
        writer().step();
        market.mine(1);
        int signatures = server.signed();

        // when
        market.reorg(1);
        clock.advance(Duration.ofSeconds(11));
        var again = writer();
        again.step();
        market.mine(2);
        again.step();

        // then
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(server.signed()).isEqualTo(signatures);
    }

    private Purpose plan() {
        var story = Story.aJob(market);
        var purpose = Purpose.direct(story.job);
        database.transact(tx ->
                IntentBook.plan(tx, purpose, Optional.of(story.job), HARMLESS, clock.instant(), Optional.empty()));
        return purpose;
    }

    private Intent intent(Purpose purpose) {
        return database.inTransaction(tx -> IntentBook.find(tx, purpose)).orElseThrow();
    }

    private Digest hash(Purpose purpose) {
        long nonce = intent(purpose).requireNonce();
        return database.inTransaction(tx -> NonceBook.of(tx, market.payer.address(), nonce))
                .getFirst()
                .hash();
    }

    private EthereumSender node() {
        return new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
    }

    private IntentWriter writer() {
        return writer(node());
    }

    private IntentWriter writer(ChainSender sender) {
        return new IntentWriter(new WriterTools(
                database,
                new EthereumNode(rpc),
                sender,
                new SigningWallet(signer, market.domain.chainId()),
                new FeePolicy(BigInteger.valueOf(1_000_000), BigInteger.valueOf(200_000_000_000L)),
                new WriterLimits(
                        1,
                        16,
                        4,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10)),
                clock,
                (tx, intent, hash) -> told.add(hash),
                new WriterAlarms()));
    }

    /** A node that is away when bytes are sent. */
    private static final class LosingSender extends PassingSender {
        LosingSender(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            throw new ChainUnavailable("the bytes were lost");
        }
    }
}
