package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.chain.Submission;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.testing.BadNode;
import io.perigee.settlement.testing.Story;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the contract takes only until some second, by the chain's time. */
class LateIntentsIT {
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
    void shouldSignWhatTheContractStillTakesThoughThisMachinesClockIsYearsAhead() {
        // given
        var purpose = plan(Duration.ofHours(1));
        bench.clock.advance(Duration.ofDays(5_000));

        // when
        bench.writer().step();

        // then
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.SENT);
    }

    @Test
    void shouldSignNothingThatTheContractTakesNoMoreSoon() {
        // given
        var soon = plan(WriterBench.MARGIN);
        var later = plan(WriterBench.MARGIN.plusSeconds(60));

        // when
        bench.writer().step();

        // then
        assertThat(bench.intent(soon).state()).isEqualTo(IntentState.PLANNED);
        assertThat(bench.intent(later).state()).isEqualTo(IntentState.SENT);
    }

    @Test
    void shouldEndAParkedPurposeWhenItsTimeIsOver() {
        // given
        var story = Story.aJob(bench.market);
        var over = bench.chainTime().plusSeconds(60);
        var purpose = bench.plan(Purpose.direct(story.job), refused(story), Optional.of(over));
        var writer = bench.writer();
        writer.step();
        var before = bench.intent(purpose).state();

        // when
        bench.market.forwardTo(over.getEpochSecond() + 1);
        writer.step();

        // then
        assertThat(before).isEqualTo(IntentState.PARKED);
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.ABANDONED);
    }

    private Call refused(Story story) {
        return new EscrowCalls(bench.rpc, bench.market.escrowAddress())
                .direct(story.order, bench.market.builder.sign(story.orderHash()), Payable.nothing());
    }

    @Test
    void shouldSayInWhichBlockItGaveUp() {
        // given
        var purpose = plan(WriterBench.MARGIN);
        bench.market.forwardTo(bench.market.time() + 11);

        // when
        bench.writer().step();

        // then
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.ABANDONED);
        assertThat(bench.intent(purpose).endedIn()).hasValue(bench.market.height());
    }

    @Test
    void shouldSayInWhichBlockAnOperatorGaveUp() {
        // given
        var purpose = plan(Duration.ofHours(1));
        bench.database.inTransaction(tx -> IntentBook.abandon(tx, purpose, "no more", bench.clock.instant()));
        var before = bench.intent(purpose).endedIn();

        // when
        bench.writer().step();

        // then
        assertThat(before).isEmpty();
        assertThat(bench.intent(purpose).endedIn()).hasValue(bench.market.height());
    }

    @Test
    void shouldEndWhatOthersDidThoughTheNodeIsAwayAndSayTheBlockWhenItIsBack() {
        // given
        var purpose = plan(Duration.ofHours(1));
        bench.database.transact(tx -> IntentBook.fulfil(tx, purpose, bench.clock.instant()));
        var node = new BadNode(bench.reader, bench.sender, new Random(0), 1, depth -> {});
        var writer = bench.writer(node, node);
        node.down(true);

        // when
        var fault = catchThrowable(writer::step);
        var meanwhile = bench.intent(purpose);
        node.down(false);
        writer.step();

        // then
        assertThat(fault).isInstanceOf(ChainUnavailable.class);
        assertThat(meanwhile.state()).isEqualTo(IntentState.FULFILLED);
        assertThat(meanwhile.endedIn()).isEmpty();
        assertThat(bench.intent(purpose).endedIn()).hasValue(bench.market.height());
    }

    @Test
    void shouldFillTheNonceOfWhatWasNotMinedInTime() {
        // given
        var purpose = plan(Duration.ofMinutes(1));
        bench.writer(new Swallowing(bench.sender)).step();
        long nonce = bench.intent(purpose).requireNonce();
        bench.market.forwardTo(bench.market.time() + 61);
        var writer = bench.writer();

        // when
        writer.step();
        var voiding = bench.intent(purpose);
        bench.clock.advance(Duration.ofMinutes(1));
        writer.step();
        writer.step();
        bench.market.mine(1 + WriterBench.CONFIRMATIONS);
        writer.step();
        writer.step();

        // then
        assertThat(voiding.state()).isEqualTo(IntentState.VOIDING);
        assertThat(voiding.reason()).map(Revert::code).hasValue(Revert.TOO_LATE);
        assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.ABANDONED);
        assertThat(bench.intent(purpose).endedIn()).hasValue(bench.market.height());
        assertThat(bench.market.minedCount(bench.market.payer)).isEqualTo(nonce + 1);
        var signed = bench.signed(nonce);
        assertThat(signed).filteredOn(each -> !each.voids()).hasSize(1);
        assertThat(bench.reader.inclusion(signed.getLast().hash())).isEmpty();
    }

    private Purpose plan(Duration left) {
        return bench.plan(
                Purpose.direct(Story.aJob(bench.market).job),
                WriterBench.HARMLESS,
                Optional.of(bench.chainTime().plus(left)));
    }

    /** A node that loses what it is given. */
    private static final class Swallowing extends PassingSender {
        Swallowing(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            return new Submission.Accepted();
        }
    }
}
