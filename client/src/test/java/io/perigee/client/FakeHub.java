package io.perigee.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An HTTP server that answers as a test says and remembers what it was asked. */
final class FakeHub implements AutoCloseable {
    /** What one path answers. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeHub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    FakeHub on(String path, Answer answer) {
        server.createContext("/api/v1" + path, exchange -> {
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().getPath().substring("/api/v1".length()));
            try (exchange) {
                answer.to(exchange);
            }
        });
        return this;
    }

    List<String> asked() {
        return asked;
    }

    Origin origin() {
        return Origin.of("http", "127.0.0.1", server.getAddress().getPort());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    PerigeeClient client() {
        return new PerigeeClient(settings());
    }

    ClientSettings settings() {
        var usual = ClientSettings.of(url());
        return new ClientSettings(
                url(),
                usual.connectTimeout(),
                usual.requestTimeout(),
                java.time.Duration.ofSeconds(2),
                4,
                java.time.Duration.ofMillis(1),
                1000);
    }

    static void json(HttpExchange exchange, int status, Object body) throws IOException {
        bytes(exchange, status, "application/json", Json.bytes(body));
    }

    static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    static void problem(HttpExchange exchange, int status, String code, boolean retryable) throws IOException {
        var body =
                "{\"type\":\"about:blank\",\"title\":\"t\",\"status\":%d,\"code\":\"%s\",\"detail\":\"Expected x, but y\",\"hint\":\"h\",\"retryable\":%s,\"traceId\":\"\",\"violations\":[{\"path\":\"a\",\"expected\":\"b\",\"actual\":\"c\",\"hint\":\"d\"}],\"new\":1}"
                        .formatted(status, code, retryable);
        bytes(exchange, status, "application/problem+json", body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
