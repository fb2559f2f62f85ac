package io.perigee.settlement.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.testing.NodeProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RpcTest {
    @Test
    void shouldReadNoAnswerThatTheHeapMayNotHold() {
        var log = "{\"data\":\"0x" + "00".repeat(500) + "\"}";
        var logs = "\"result\":[" + (log + ",").repeat(200) + log + "]";
        try (var node = NodeProxy.before(URI.create("http://127.0.0.1:1"), question -> Optional.of(logs));
                var rpc = new Rpc(node.url(), Duration.ofSeconds(5), 100_000)) {
            // when
            assertThatExceptionOfType(ChainUnavailable.class)
                    .isThrownBy(() -> new EthereumNode(rpc).logs(1, 2, List.of()))
                    // then
                    .withMessageContaining("longer than 100000 bytes");
        }
    }

    @Test
    void shouldBoundAnswersByTheHeap() {
        assertThat(Rpc.longestAnswer(96L << 20)).isEqualTo(12L << 20);
        assertThat(Rpc.longestAnswer(4L << 30)).isEqualTo(32L << 20);
    }
}
