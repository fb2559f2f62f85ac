package io.perigee.settlement.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.protocol.id.Address;
import io.perigee.settlement.chain.Call;
import io.perigee.settlement.chain.ChainSender;
import io.perigee.settlement.chain.Estimate;
import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Revert;
import io.perigee.settlement.chain.Submission;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumSender;
import io.perigee.settlement.ethereum.RevertReasons;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.testing.NodeProxy;
import io.perigee.settlement.testing.Story;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer before a node whose answers nobody foresaw. */
class NodeFaultsIT {
    private static final String FEE_CAP = "tx fee (1.63 ether) exceeds the configured cap (1.00 ether)";
    private static final Pattern RAW = Pattern.compile("eth_sendRawTransaction.*?\"(0x[0-9a-f]+)\"");
    private static final Call ODD = new Call(Address.of(new byte[20]), new byte[] {0x0d, 0x0d, 0x0d, 0x0d});

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
    void shouldSendTheNextThoughOneIsRefusedInWordsThatNobodyKnows() {
        try (var node = NodeProxy.before(
                        bench.market.url(),
                        toBytes(which ->
                                which == 0 ? Optional.of(NodeProxy.error(-32000, FEE_CAP)) : Optional.empty()));
                var rpc = new Rpc(node.url(), Duration.ofSeconds(5))) {
            // given
            var dear = planNext();
            var other = planNext();
            var writer = bench.writer(sender(rpc));

            // when
            writer.step();
            var told = bench.told.size();
            var stuck = bench.alarms.stuck();
            for (int round = 0; round < 3; round++) {
                bench.market.forwardTo(bench.market.time() + 200);
                bench.clock.advance(Duration.ofSeconds(11));
                writer.step();
            }
            bench.market.mine(1 + WriterBench.CONFIRMATIONS);
            writer.step();

            // then
            assertThat(told).isEqualTo(1);
            assertThat(stuck).hasValueSatisfying(why -> assertThat(why).contains(FEE_CAP));
            assertThat(bench.intent(other).state()).isEqualTo(IntentState.CONFIRMED);
            assertThat(bench.intent(dear).state()).isEqualTo(IntentState.PARKED);
            assertThat(bench.intent(dear).reason()).contains(new Revert(Revert.REFUSED_BY_NODE, FEE_CAP));
            assertThat(bench.alarms.stuck()).isEmpty();
        }
    }

    @Test
    void shouldKeepOlderBytesGoingThoughTheirReplacementIsRefused() {
        // given a node that loses the first bytes, and takes no more than their fee
        var seen = new int[1];
        try (var node = NodeProxy.before(bench.market.url(), toBytes(which -> {
                    if (which == 1) {
                        return Optional.of(NodeProxy.error(-32000, FEE_CAP));
                    }
                    return seen[0]++ == 0 ? Optional.of("\"result\":\"0x" + "11".repeat(32) + "\"") : Optional.empty();
                }));
                var rpc = new Rpc(node.url(), Duration.ofSeconds(5))) {
            var purpose = bench.plan();
            var writer = bench.writer(sender(rpc));
            writer.step();
            long nonce = bench.intent(purpose).requireNonce();

            // when
            for (int round = 0; round < 3; round++) {
                bench.market.mine(1);
                bench.clock.advance(Duration.ofMinutes(1));
                writer.step();
            }
            bench.market.mine(1 + WriterBench.CONFIRMATIONS);
            writer.step();

            // then
            assertThat(bench.intent(purpose).state()).isEqualTo(IntentState.CONFIRMED);
            assertThat(bench.signed(nonce)).hasSize(2);
            assertThat(bench.intent(purpose).outcome().orElseThrow().transaction())
                    .isEqualTo(bench.signed(nonce).getLast().hash());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x08c379a0\"}",
                "\"result\":\"0x\"",
                "\"result\":\"nonsense\"",
                "\"result\":null",
                "\"result\":\"0xffffffffffffffffffffffff\""
            })
    void shouldSignTheOthersThoughOneEstimateMakesNoSense(String answer) {
        try (var node = NodeProxy.before(
                        bench.market.url(),
                        question -> question.contains("eth_estimateGas") && question.contains("0x0d0d0d0d")
                                ? Optional.of(answer)
                                : Optional.empty());
                var rpc = new Rpc(node.url(), Duration.ofSeconds(5))) {
            // given
            var odd = bench.plan(Purpose.post(bench.anEpoch()), ODD, Optional.empty());
            var good = bench.plan();

            // when
            bench.writer(sender(rpc)).step();

            // then
            assertThat(bench.intent(odd).state()).isEqualTo(IntentState.PARKED);
            assertThat(bench.intent(good).state()).isEqualTo(IntentState.SENT);
            assertThat(bench.told).hasSize(1);
        }
    }

    @Test
    void shouldSendWhatIsSignedWhateverSigningMeets() {
        // given
        bench.plan();
        var lost = catchThrowable(bench.writer(new Losing(bench.sender))::step);
        bench.plan();

        // when
        var fault = catchThrowable(bench.writer(new Broken(bench.sender))::step);

        // then
        assertThat(lost).isInstanceOf(IllegalStateException.class);
        assertThat(fault).isInstanceOf(IllegalStateException.class);
        assertThat(bench.told).hasSize(1);
    }

    /** One whose turn comes after all that were planned before. */
    private Purpose planNext() {
        bench.clock.advance(Duration.ofSeconds(1));
        return bench.plan(Purpose.direct(Story.aJob(bench.market).job), WriterBench.HARMLESS, Optional.empty());
    }

    private static EthereumSender sender(Rpc rpc) {
        return new EthereumSender(rpc, new RevertReasons(EscrowCalls.errors()));
    }

    /** Answers to signed bytes by their number, counted from 0 as they are first seen. */
    private static NodeProxy.Manner toBytes(IntFunction<Optional<String>> answer) {
        Set<String> seen = new LinkedHashSet<>();
        return question -> {
            var raw = RAW.matcher(question);
            if (!raw.find()) {
                return Optional.empty();
            }
            seen.add(raw.group(1));
            return answer.apply(seen.stream().toList().indexOf(raw.group(1)));
        };
    }

    /** A sender that breaks when bytes are sent. */
    private static final class Losing extends PassingSender {
        Losing(ChainSender real) {
            super(real);
        }

        @Override
        public Submission send(byte[] raw) {
            throw new IllegalStateException("a fault of ours");
        }
    }

    /** A sender that breaks before anything is signed. */
    private static final class Broken extends PassingSender {
        Broken(ChainSender real) {
            super(real);
        }

        @Override
        public Estimate estimate(Address sender, Call call) {
            return new Estimate.Gas(50_000);
        }

        @Override
        public FeeQuote fees() {
            throw new IllegalStateException("a fault of ours");
        }
    }
}
