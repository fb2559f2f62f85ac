package io.perigee.settlement.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Stands before a real node and gives some answers itself. */
public final class NodeProxy implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\\d+)");

    /** What it answers itself. */
    @FunctionalInterface
    public interface Manner {
        /**
         * Answers a question, or leaves it to the node.
         *
         * @param question the whole JSON-RPC request
         * @return the answer's member {@code "result"} or {@code "error"}, with its name
         */
        Optional<String> answer(String question);
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final URI node;
    private final Manner manner;

    private NodeProxy(URI node, Manner manner) throws IOException {
        this.node = node;
        this.manner = manner;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
    }

    public static NodeProxy before(URI node, Manner manner) {
        try {
            var proxy = new NodeProxy(node, manner);
            proxy.server.start();
            return proxy;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The member for an error with this text. */
    public static String error(int code, String message) {
        return "\"error\":{\"code\":%d,\"message\":\"%s\"}".formatted(code, message);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var own = manner.answer(question);
            var answer = own.isPresent() ? own(question, own.get()) : ask(question);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static byte[] own(String question, String member) {
        var id = ID.matcher(question);
        var number = id.find() ? id.group(1) : "1";
        return "{\"jsonrpc\":\"2.0\",\"id\":%s,%s}".formatted(number, member).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] ask(String question) throws IOException {
        var request = HttpRequest.newBuilder(node)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
        try {
            return client.send(request, BodyHandlers.ofByteArray()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
