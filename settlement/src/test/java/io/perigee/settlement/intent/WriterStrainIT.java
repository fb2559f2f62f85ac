package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.Submission;
import io.perigee.settlement.testing.Story;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer with more to do than it may, for less than it costs, on a node that stumbles. */
class WriterStrainIT {
    private static final Call STUMBLING = new Call(Address.of(new byte[20]), new byte[] {2});

    private WriterBench bench;

    @BeforeEach
    void start() {
        bench = new WriterBench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void shouldSendTheSameBytesAgainWhenMoreWouldPassTheCap() {
        // given
        var quote = bench.sender.fees();
        var most = WriterBench.fees(quote.baseFee().add(quote.tip().max(BigInteger.valueOf(1_000_000))));
        var writer = bench.writer(new Forgetting(bench.sender), most);
        var purpose = bench.plan();
        writer.step();
        long nonce = bench.intent(purpose).requireNonce();

        // when
        bench.market.mine(1);
        bench.clock.advance(Duration.ofMinutes(1));
        writer.step();
        var stuck = bench.alarms.stuck();
        bench.market.mine(1 + WriterBench.CONFIRMATIONS);
        writer.step();

        // then
        assertThat(stuck).hasValueSatisfying(why -> assertThat(why).contains("fee cap"));
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(bench.signed(nonce)).hasSize(1);
        assertThat(bench.alarms.stuck()).isEmpty();
    }

    @Test
    void shouldSignTheMostUrgentFirst() {
        // given
        var job = Story.aJob(bench.market).job;
        var epoch = bench.anEpoch();
        var planned = Stream.of(
                        Purpose.collect(job, 1),
                        Purpose.direct(job),
                        Purpose.carry(job),
                        Purpose.settle(epoch),
                        Purpose.post(epoch),
                        Purpose.answer(epoch, "7.1"))
                .map(this::planNext)
                .toList();

        // when
        bench.writer().step();

        // then
        var inOrder = planned.stream()
                .sorted((a, b) -> Long.compare(
                        bench.intent(a).requireNonce(), bench.intent(b).requireNonce()))
                .toList();
        assertThat(inOrder.getFirst()).isEqualTo(planned.get(5));
        assertThat(inOrder.subList(1, 3)).containsExactlyInAnyOrder(planned.get(3), planned.get(4));
        assertThat(inOrder.subList(3, 5)).containsExactlyInAnyOrder(planned.get(1), planned.get(2));
        assertThat(inOrder.getLast()).isEqualTo(planned.getFirst());
    }

    @Test
    void shouldKeepRoomForAnswersHoweverMuchElseIsUnderWay() {
        // given
        var evidence = Stream.generate(bench::plan).limit(5).toList();
        var writer = bench.writer(3, 1);
        writer.step();
        var answer = planNext(Purpose.answer(bench.anEpoch(), "7.1"));

        // when
        writer.step();

        // then
        assertThat(evidence)
                .extracting(purpose -> bench.intent(purpose).state())
                .containsExactlyInAnyOrder(
                        IntentState.SENT,
                        IntentState.SENT,
                        IntentState.PLANNED,
                        IntentState.PLANNED,
                        IntentState.PLANNED);
        assertThat(bench.intent(answer).state()).isEqualTo(IntentState.SENT);
    }

    @Test
    void shouldGoOnWithTheOthersWhenTheNodeStumblesOverOneCall() {
        // given
        var bad = bench.plan(Purpose.post(bench.anEpoch()), STUMBLING, Optional.empty());
        var good = bench.plan();

        // when
        bench.writer(new StumblingSender(bench.sender)).step();

        // then
        assertThat(bench.intent(bad).state()).isEqualTo(IntentState.PARKED);
        assertThat(bench.intent(bad).reason()).hasValueSatisfying(reason -> assertThat(reason.isOfTheContract())
                .isFalse());
        assertThat(bench.intent(good).state()).isEqualTo(IntentState.SENT);
        assertThat(bench.told).hasSize(1);
    }

    @Test
    void shouldSendWhatIsSignedThoughTheNodeStumblesOverEverythingElse() {
        // given
        var signed = bench.plan();
        var lost = catchThrowable(bench.writer(new Losing(bench.sender))::step);
        Stream.generate(bench::anEpoch)
                .limit(5)
                .forEach(epoch -> bench.plan(Purpose.post(epoch), STUMBLING, Optional.empty()));

        // when
        var fault = catchThrowable(bench.writer(new StumblingSender(bench.sender))::step);

        // then
        assertThat(lost).isInstanceOf(ChainUnavailable.class);
        assertThat(fault).isInstanceOf(ChainUnavailable.class).hasMessageContaining("estimate");
        assertThat(bench.told)
                .containsExactly(bench.signed(bench.intent(signed).requireNonce())
                        .getFirst()
                        .hash());
    }

    @Test
    void shouldSignTheLessUrgentThoughTheNodeStumblesOverAllThatIsMoreSo() {
        // given
        Stream.generate(bench::anEpoch)
                .limit(4)
                .forEach(epoch -> bench.plan(Purpose.post(epoch), STUMBLING, Optional.empty()));
        var good = bench.plan();

        // when
        bench.writer(new StumblingSender(bench.sender)).step();

        // then
        assertThat(bench.intent(good).state()).isEqualTo(IntentState.SENT);
    }

    @Test
    void shouldAskLessAndLessOftenForWhatTheNodeCannotJudge() {
        // given
        var bad = bench.plan(Purpose.post(bench.anEpoch()), STUMBLING, Optional.empty());
        var writer = bench.writer(new StumblingSender(bench.sender));

        // when
        for (int round = 0; round < 60; round++) {
            writer.step();
            bench.clock.advance(Duration.ofSeconds(2));
        }

        // then
        assertThat(bench.intent(bad).tries()).isLessThan(8);
    }

    @Test
    void shouldNotWaitForBlocksToCountBeforeItSignsMore() {
        // given
        var purposes = Stream.generate(bench::plan).limit(100).toList();
        var writer = bench.writerWaitingFor(12);

        // when
        for (int block = 0; block < 10; block++) {
            writer.step();
            bench.market.mine(1);
            bench.clock.advance(Duration.ofSeconds(1));
        }
        writer.step();

        // then
        assertThat(purposes)
                .extracting(purpose -> bench.intent(purpose).state())
                .doesNotContain(IntentState.PLANNED);
    }

    @Test
    void shouldNotComplainOfFundsOnceTheNodeTakesWhatTheyWereMissingFor() {
        // given
        var writer = bench.writer(new Poor(bench.sender));
        bench.plan();
        writer.step();
        var before = bench.alarms.funds();

        // when
        writer.step();

        // then
        assertThat(before).isPresent();
        assertThat(bench.told).hasSize(1);
        assertThat(bench.alarms.funds()).isEmpty();
    }

    /** Each waits less long than the one before. */
    private Purpose planNext(Purpose purpose) {
        bench.clock.advance(Duration.ofSeconds(1));
        return bench.plan(purpose, WriterBench.HARMLESS, Optional.empty());
    }

    /** A node that says it took the first bytes and has lost them. */
    private static final class Forgetting extends PassingSender {
        private boolean forgot;

        Forgetting(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            if (!forgot) {
                forgot = true;
                return new Submission.Accepted();
            }
            return super.send(raw);
        }
    }

    /** A node that finds the account empty at first. */
    private static final class Poor extends PassingSender {
        private boolean asked;

        Poor(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            if (!asked) {
                asked = true;
                return new Submission.NoFunds("insufficient funds for gas * price + value");
            }
            return super.send(raw);
        }
    }

    /** A node that is away when bytes are sent. */
    private static final class Losing extends PassingSender {
        Losing(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            throw new ChainUnavailable("the bytes were lost");
        }
    }

    /** A node that has an error of its own for one call. */
    private static final class StumblingSender extends PassingSender {
        StumblingSender(ChainSender real) {
            super(real);
        }

        @Override
        public Estimate estimate(Address sender, Call call) {
            if (Arrays.equals(call.data(), STUMBLING.data())) {
                throw new ChainUnavailable(
                        "Expected to estimate a transaction's gas, but the node has an internal error");
            }
            return super.estimate(sender, call);
        }
    }
}
