package io.perigee.scheduler.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.perigee.eventlog.TryLater;
import io.perigee.testkit.chain.Anvil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeBlocksIT {

    @Test
    void shouldReadTheHeadAndHashesOfARealChain() {
        try (var anvil = Anvil.startAutomine();
                var blocks = new NodeBlocks(URI.create(anvil.url()), 31_337)) {
            // given
            anvil.call("anvil_mine", "0x5");

            // when
            long head = blocks.head();

            // then
            assertThat(head).isGreaterThanOrEqualTo(5);
            assertThat(blocks.hash(3)).isPresent();
            assertThat(blocks.hash(3)).isNotEqualTo(blocks.hash(4));
            assertThat(blocks.hash(head + 1_000)).isEmpty();
        }
    }

    @Test
    void shouldBelieveNoNodeOfAnotherChain() {
        try (var anvil = Anvil.startAutomine();
                var blocks = new NodeBlocks(URI.create(anvil.url()), 1)) {
            assertThatThrownBy(blocks::head).isInstanceOf(TryLater.class).hasMessageContaining("chain 1, but");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"result\":null}", "{\"result\":\"0xzz\"}", "{\"error\":{\"code\":-1}}", "<html>"})
    void shouldTryLaterWhateverANodeAnswersInstead(String answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (var blocks = new NodeBlocks(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), 31_337)) {
            assertThatThrownBy(blocks::head).isInstanceOf(TryLater.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void shouldTryLaterWhenThereIsNoNode() {
        try (var blocks = new NodeBlocks(URI.create("http://127.0.0.1:1"), 31_337)) {
            assertThatThrownBy(blocks::head).isInstanceOf(TryLater.class);
        }
    }
}
