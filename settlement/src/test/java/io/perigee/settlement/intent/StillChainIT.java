package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.Submission;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is offered for gas while nothing is mined: a higher price makes no block come. */
class StillChainIT {
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
    void shouldOfferNoMoreWhileNoBlockComes() {
        // given
        var purposes = Stream.generate(bench::plan).limit(3).toList();
        var writer = bench.writer();
        writer.step();

        // when
        for (int round = 0; round < 40; round++) {
            bench.clock.advance(Duration.ofSeconds(30));
            writer.step();
        }

        // then
        assertThat(attempts(purposes)).containsExactly(1, 1, 1);
        assertThat(bench.alarms.bumped()).isZero();
    }

    @Test
    void shouldOfferMoreForTheFirstOnlyWhenABlockLeavesItOut() {
        // given
        var purposes = Stream.generate(bench::plan).limit(3).toList();
        var writer = bench.writer(new Swallowing(bench.sender));
        writer.step();

        // when
        bench.market.mine(1);
        bench.clock.advance(Duration.ofMinutes(1));
        writer.step();

        // then
        assertThat(attempts(purposes)).containsExactly(2, 1, 1);
    }

    @Test
    void shouldOfferMoreForAllWhenGasIsDearerThanTheyPay() {
        // given
        var purposes = Stream.generate(bench::plan).limit(3).toList();
        var writer = bench.writer(new Swallowing(bench.sender));
        writer.step();

        // when
        bench.market.anvil.call("anvil_setNextBlockBaseFeePerGas", "0x4a817c800");
        bench.market.mine(1);
        bench.clock.advance(Duration.ofMinutes(1));
        writer.step();

        // then
        assertThat(attempts(purposes)).containsExactly(2, 2, 2);
    }

    /** How many were signed for each, in the order of their nonces. */
    private List<Integer> attempts(List<Purpose> purposes) {
        return purposes.stream()
                .map(purpose -> bench.intent(purpose).requireNonce())
                .sorted()
                .map(nonce -> bench.signed(nonce).size())
                .toList();
    }

    /** A node that says it took the bytes and has lost them. */
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
