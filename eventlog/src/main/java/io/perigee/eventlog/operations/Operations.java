package io.perigee.eventlog.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The operator's HTTP side of a service that has no other: {@code /health/live}, {@code /health/ready}, {@code /metrics}. */
public final class Operations implements AutoCloseable {
    private final HttpServer server;

    private Operations(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param port 0 for any; see {@link #port()}
     * @param live checks that, when false, only a new process can cure
     * @param ready checks that must hold before the service does its work; asked on every request, so they must be quick
     */
    public static Operations start(
            int port,
            Map<String, BooleanSupplier> live,
            Map<String, BooleanSupplier> ready,
            PrometheusMeterRegistry metrics) {
        try {
            var server = HttpServer.create(new InetSocketAddress(port), 16);
            server.createContext("/health/live", exchange -> checks(exchange, live));
            server.createContext("/health/ready", exchange -> checks(exchange, ready));
            server.createContext(
                    "/metrics",
                    exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return new Operations(server);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to listen on port " + port + ", but " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private static void checks(HttpExchange exchange, Map<String, BooleanSupplier> checks) throws IOException {
        var results = new TreeMap<String, String>();
        checks.forEach((name, check) -> results.put(name, check.getAsBoolean() ? "UP" : "DOWN"));
        boolean up = !results.containsValue("DOWN");
        var body = new LinkedHashMap<String, Object>();
        body.put("status", up ? "UP" : "DOWN");
        body.put("checks", results);
        answer(exchange, up ? 200 : 503, "application/json", Json.text(body));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
