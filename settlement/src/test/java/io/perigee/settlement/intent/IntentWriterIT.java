package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.eventlog.key.KeySigner;
import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Payable;
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
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntentWriterIT {
    private static final int CONFIRMATIONS = 3;
    private static final Call HARMLESS = new Call(Address.of(new byte[20]), new byte[] {1});

    private final TestClock clock = TestClock.atNoon();
    private final WriterAlarms alarms = new WriterAlarms();
    private final List<Digest> told = new ArrayList<>();
    private Market market;
    private Rpc rpc;
    private Database database;
    private IntentWriter writer;
    private Function<ChainSender, ChainSender> sender = real -> real;

    @BeforeAll
    void startChain() {
        market = Market.still();
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
        told.clear();
        sender = real -> real;
        writer = newWriter();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
        market.mine(1);
    }

    @Test
    void shouldSendOnceAndConfirmWhenThePurposeIsAskedForTwice() {
        // given
        var purpose = plan(Story.aJob(market), HARMLESS);
        long before = market.minedCount(market.payer);

        // when
        writer.step();
        boolean again = database.inTransaction(tx -> IntentBook.plan(
                tx, purpose, Optional.of(Story.aJob(market).job), HARMLESS, clock.instant(), Optional.empty()));
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        assertThat(again).isFalse();
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent(purpose).outcome()).isPresent();
        assertThat(market.minedCount(market.payer)).isEqualTo(before + 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void shouldNotConfirmBeforeEnoughBlocksStandOnIt() {
        // given
        var purpose = plan(Story.aJob(market), HARMLESS);
        writer.step();

        // when
        market.mine(CONFIRMATIONS);
        writer.step();

        // then
        assertThat(intent(purpose).state()).isEqualTo(IntentState.MINED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldSendTheSameBytesAgainWhenAReorganisationDropsThem(int depth) {
        // given
        var purpose = plan(Story.aJob(market), HARMLESS);
        writer.step();
        market.mine(depth);
        writer.step();
        var before = intent(purpose);

        // when
        market.reorg(depth);
        clock.advance(Duration.ofSeconds(31));
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        assertThat(before.state()).isEqualTo(depth > CONFIRMATIONS ? IntentState.CONFIRMED : IntentState.MINED);
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(hashes(before.requireNonce())).hasSize(1);
        assertThat(reader().inclusion(before.outcome().orElseThrow().transaction()))
                .isPresent();
    }

    @Test
    void shouldReplaceByHigherFeesWhenNotMinedAndKeepEveryHash() {
        // given a node that loses the first bytes, so that a block leaves them out
        sender = Forgetful::new;
        writer = newWriter();
        var purpose = plan(Story.aJob(market), HARMLESS);
        writer.step();
        long nonce = intent(purpose).requireNonce();

        // when
        market.mine(1);
        clock.advance(Duration.ofMinutes(1));
        writer.step();
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        var attempts = database.inTransaction(tx -> NonceBook.of(tx, market.payer.address(), nonce));
        assertThat(attempts).hasSize(2);
        var first = attempts.getLast().fees();
        var second = attempts.getFirst().fees();
        assertThat(second.max().multiply(BigInteger.valueOf(8)))
                .isGreaterThanOrEqualTo(first.max().multiply(BigInteger.valueOf(9)));
        assertThat(second.priority().multiply(BigInteger.valueOf(8)))
                .isGreaterThanOrEqualTo(first.priority().multiply(BigInteger.valueOf(9)));
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
    }

    @Test
    void shouldParkWithTheContractsReasonAndTryAgainLater() {
        // given
        var story = Story.aJob(market);
        var call = new EscrowCalls(rpc, market.escrowAddress())
                .direct(story.order, market.builder.sign(story.orderHash()), Payable.nothing());
        var purpose = plan(story, call);
        long before = market.minedCount(market.payer);

        // when
        writer.step();
        var parked = intent(purpose);
        clock.advance(Duration.ofSeconds(3));
        writer.step();

        // then
        assertThat(parked.state()).isEqualTo(IntentState.PARKED);
        assertThat(parked.reason().orElseThrow().code()).isEqualTo("NothingToDo");
        assertThat(parked.reason().orElseThrow().detail())
                .contains(story.orderHash().value());
        assertThat(intent(purpose).tries()).isEqualTo(2);
        assertThat(intent(purpose).nextAt()).isAfter(parked.nextAt());
        assertThat(market.minedCount(market.payer)).isEqualTo(before);
        List<IntentBook.Trouble> troubles = database.inTransaction(tx -> IntentBook.troubles(tx, 10));
        assertThat(troubles).hasSize(1);
    }

    @Test
    void shouldLeaveNoGapWhenTheNodeRefusesOneForGood() {
        // given
        var refused = plan(Story.aJob(market), HARMLESS);
        sender = real -> new Stubborn(real, 1);
        writer = newWriter();
        writer.step();
        long nonce = intent(refused).requireNonce();
        var next = plan(Story.aJob(market), HARMLESS);

        // when
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();
        clock.advance(Duration.ofMinutes(5));
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        assertThat(hashes(nonce)).hasSize(2);
        assertThat(intent(next).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent(refused).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent(refused).requireNonce()).isGreaterThan(nonce);
        assertThat(alarms.voided()).isPositive();
    }

    @Test
    void shouldFindItsMinedTransactionWhenTheAnswerToSendingWasLost() {
        // given
        var purpose = plan(Story.aJob(market), HARMLESS);
        sender = Deaf::new;
        writer = newWriter();
        long before = market.minedCount(market.payer);
        assertThatThrownBy(writer::step).hasMessageContaining("lost");

        // when
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(market.minedCount(market.payer)).isEqualTo(before + 1);
        assertThat(told).hasSize(1);
    }

    @Test
    void shouldUseAnotherNonceWhenAnotherProgramTookOurs() {
        // given
        var purpose = plan(Story.aJob(market), HARMLESS);
        sender = Mute::new;
        writer = newWriter();
        writer.step();
        long nonce = intent(purpose).requireNonce();
        market.anvil.call("evm_setAutomine", true);
        market.strangerUses(market.payer);
        market.anvil.call("evm_setAutomine", false);
        market.mine(CONFIRMATIONS);

        // when
        sender = real -> real;
        writer = newWriter();
        writer.step();
        clock.advance(Duration.ofMinutes(5));
        writer.step();
        market.mine(1 + CONFIRMATIONS);
        writer.step();

        // then
        assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent(purpose).requireNonce()).isEqualTo(nonce + 1);
        assertThat(alarms.foreign()).isEqualTo(1);
    }

    @Test
    void shouldSendEachPurposeOnceWhenTwoWritersRunByMistake() throws Exception {
        // given
        List<Purpose> purposes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            purposes.add(plan(Story.aJob(market), HARMLESS));
        }
        long before = market.minedCount(market.payer);
        var other = newWriter();

        // when
        for (int round = 0; round < 3; round++) {
            var beside = Thread.ofVirtual().start(other::step);
            writer.step();
            beside.join();
            market.mine(1 + CONFIRMATIONS);
        }
        writer.step();

        // then
        assertThat(purposes)
                .allSatisfy(purpose -> assertThat(intent(purpose).state()).isEqualTo(IntentState.CONFIRMED));
        assertThat(purposes.stream().map(purpose -> intent(purpose).requireNonce()))
                .doesNotHaveDuplicates();
        assertThat(market.minedCount(market.payer)).isEqualTo(before + 12);
        assertThat(told).hasSize(12);
    }

    private Purpose plan(Story story, Call call) {
        var purpose = Purpose.direct(story.job);
        database.transact(
                tx -> IntentBook.plan(tx, purpose, Optional.of(story.job), call, clock.instant(), Optional.empty()));
        return purpose;
    }

    private Intent intent(Purpose purpose) {
        return database.inTransaction(tx -> IntentBook.find(tx, purpose)).orElseThrow();
    }

    private List<Digest> hashes(long nonce) {
        return database.inTransaction(tx -> NonceBook.of(tx, market.payer.address(), nonce)).stream()
                .map(SignedTransaction::hash)
                .toList();
    }

    private EthereumNode reader() {
        return new EthereumNode(rpc);
    }

    private IntentWriter newWriter() {
        var limits = new WriterLimits(
                CONFIRMATIONS,
                16,
                4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
        var real = new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
        var wallet = new SigningWallet(new KeySigner(market.payer), market.domain.chainId());
        var fees = new FeePolicy(BigInteger.valueOf(1_000_000), BigInteger.valueOf(200_000_000_000L));
        return new IntentWriter(new WriterTools(
                database,
                reader(),
                sender.apply(real),
                wallet,
                fees,
                limits,
                clock,
                (tx, intent, hash) -> told.add(hash),
                alarms));
    }

    /** A node that refuses the first bytes it is shown, for good. */
    private static final class Stubborn extends PassingSender {
        private int left;

        Stubborn(ChainSender real, int refusals) {
            super(real);
            left = refusals;
        }

        @Override
        public Submission send(byte[] raw) {
            return left-- > 0 ? new Submission.Refused("intrinsic gas too low") : super.send(raw);
        }
    }

    /** A node whose first answer gets lost after it took the bytes. */
    private static final class Deaf extends PassingSender {
        private boolean lost;

        Deaf(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            var answer = super.send(raw);
            if (!lost) {
                lost = true;
                throw new ChainUnavailable("the answer was lost");
            }
            return answer;
        }
    }

    /** A node that says it took the first bytes, and has lost them. */
    private static final class Forgetful extends PassingSender {
        private boolean lost;

        Forgetful(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            if (!lost) {
                lost = true;
                return new Submission.Accepted();
            }
            return super.send(raw);
        }
    }

    /** A node that takes nothing but says it did. */
    private static final class Mute extends PassingSender {
        Mute(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            return new Submission.Accepted();
        }
    }
}
