package io.perigee.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real chain behind a provider that does not always answer. */
final class FlakyNode implements AutoCloseable {
    /** As one whose quota is used up. */
    static final Answer AWAY = new Answer(503, "service unavailable");

    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI node;
    private final Function<String, Optional<Answer>> instead;

    /** What is said in place of the node's answer; the id is the question's. */
    record Answer(int status, String body) {
        /** As a node behind the others, which does not know the block yet. */
        static Answer nothing() {
            return new Answer(200, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":null}");
        }
    }

    /** @param instead by the method that is asked for; empty passes the question on */
    FlakyNode(String node, Function<String, Optional<Answer>> instead) {
        this.node = URI.create(node);
        this.instead = instead;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = exchange.getRequestBody().readAllBytes();
            var read = Json.read(question, JsonNode.class);
            var said = instead.apply(read.path("method").asText());
            int status = said.map(Answer::status).orElse(200);
            var body = said.isPresent()
                    ? said.get()
                            .body()
                            .replace("%s", read.path("id").toString())
                            .getBytes(StandardCharsets.UTF_8)
                    : ask(question);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private byte[] ask(byte[] question) throws IOException {
        try {
            return http.send(
                            HttpRequest.newBuilder(node)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(question))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        http.close();
    }
}
