package io.perigee.agent.artifact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.agent.gateway.GatewayUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a hub that misbehaves. */
final class HttpArtifactStoreTest {
    private static final Duration PATIENCE = Duration.ZERO;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer hub;

    @BeforeEach
    void start() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.setExecutor(threads);
        hub.start();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        hub.stop(0);
        threads.shutdownNow();
    }

    @Test
    @Timeout(30)
    void shouldTakeNoAnswerWithoutAnEnd() {
        // given
        hub.createContext("/", HttpArtifactStoreTest::endless);

        // when
        var asked = assertThatThrownBy(() -> store().hub(PATIENCE, new Cancellation()));

        // then
        asked.isInstanceOf(IOException.class);
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            var zeros = new byte[64 * 1024];
            while (!Thread.currentThread().isInterrupted()) {
                body.write(zeros);
            }
        }
    }

    private HttpArtifactStore store() {
        var url = GatewayUrl.parse("http://127.0.0.1:" + hub.getAddress().getPort());
        return new HttpArtifactStore(http, url, () -> Optional.of("token"), () -> {});
    }
}
