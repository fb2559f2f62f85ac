package io.perigee.testkit.signer;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Signs over HTTP as Web3Signer does, with keys out of key files: a stand-in, because Web3Signer itself is in no Maven
 * repository that the build uses. It can misbehave in the ways a client must bear.
 */
public final class SignerServer implements AutoCloseable {
    /** What it does instead of signing as it should. */
    public enum Manner {
        /** The same data gives the same signature (RFC 6979). */
        STEADY,
        /** Each signature is another one, as those of key services are. */
        FRESH,
        /** Signatures whose recovery byte is 0 or 1. */
        PARITY,
        FAILING,
        FORBIDDING,
        /** The key is not there any more, neither to sign nor in the list. */
        WITHOUT_THE_KEY,
        WITH_ANOTHER_KEY,
        /** 65 bytes that nobody signed. */
        NONSENSE,
        SHORT,
        ENDLESS,
        SILENT,
        /** The headers come at once, and the body never. */
        HANGING,
        REDIRECTING
    }

    private static final HexFormat HEX = HexFormat.of();
    private static final String SIGN = "/api/v1/eth1/sign/";
    private static final int LONGEST_REQUEST = 1 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<KeyPair> keys;
    private final String scheme;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger signed = new AtomicInteger();
    private volatile Manner manner = Manner.STEADY;

    private SignerServer(HttpServer server, String scheme, List<KeyPair> keys) {
        this.server = server;
        this.scheme = scheme;
        this.keys = List.copyOf(keys);
    }

    /** Listens on any free port. The keys come from keystore files, all of one password. */
    public static SignerServer start(String password, byte[]... keystores) {
        return start(0, password, keystores);
    }

    /** Listens on this port: a signer that is started again. */
    public static SignerServer start(int port, String password, byte[]... keystores) {
        try {
            return started(HttpServer.create(loopback(port), 16), "http", password, keystores);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same over TLS. */
    public static SignerServer start(SSLContext tls, String password, byte[]... keystores) {
        try {
            var server = HttpsServer.create(loopback(0), 16);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return started(server, "https", password, keystores);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static SignerServer started(HttpServer server, String scheme, String password, byte[]... keystores) {
        var keys = Arrays.stream(keystores)
                .map(file -> Keystore.read(file, password))
                .toList();
        var signer = new SignerServer(server, scheme, keys);
        server.createContext("/upcheck", exchange -> answer(exchange, 200, "text/plain", "OK"));
        server.createContext("/api/v1/eth1/publicKeys", signer::list);
        server.createContext(SIGN, signer::sign);
        server.setExecutor(signer.threads);
        server.start();
        return signer;
    }

    public URI url() {
        return URI.create(scheme + "://localhost:" + port());
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void manner(Manner next) {
        manner = next;
    }

    /** How often it was asked for a signature. */
    public int asked() {
        return asked.get();
    }

    /** How many signatures it has given. */
    public int signed() {
        return signed.get();
    }

    private void list(HttpExchange exchange) throws IOException {
        switch (manner) {
            case FAILING -> answer(exchange, 500, "text/plain", "");
            case SILENT -> silence();
            case WITHOUT_THE_KEY -> answer(exchange, 200, "application/json", "[]");
            default ->
                answer(
                        exchange,
                        200,
                        "application/json",
                        Json.text(keys.stream().map(SignerServer::name).toList()));
        }
    }

    private void sign(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        var name = exchange.getRequestURI().getPath().substring(SIGN.length());
        var key = keys.stream().filter(each -> name(each).equals(name)).findFirst();
        var body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST);
        if (key.isEmpty() || manner == Manner.WITHOUT_THE_KEY) {
            answer(exchange, 404, "text/plain", "");
            return;
        }
        JsonNode request = Json.parse(body);
        var data = HEX.parseHex(request.path("data").asText().substring(2));
        switch (manner) {
            case STEADY -> sign(exchange, key.get().sign(Keccak256.hash(data)).value());
            case FRESH -> sign(exchange, FreshSignature.of(key.get(), data).value());
            case PARITY -> {
                var bytes = key.get().sign(Keccak256.hash(data)).bytes();
                bytes[64] -= 27;
                sign(exchange, "0x" + HEX.formatHex(bytes));
            }
            case WITH_ANOTHER_KEY ->
                sign(exchange, keys.getLast().sign(Keccak256.hash(data)).value());
            case NONSENSE -> sign(exchange, "0x" + "ff".repeat(65));
            case SHORT -> sign(exchange, "0x1234");
            case ENDLESS -> sign(exchange, "0x" + "00".repeat(1 << 20));
            case FAILING -> answer(exchange, 500, "text/plain", "");
            case FORBIDDING -> answer(exchange, 403, "text/plain", "");
            case SILENT -> silence();
            case HANGING -> {
                exchange.sendResponseHeaders(200, 132);
                exchange.getResponseBody().write("0x".getBytes(StandardCharsets.US_ASCII));
                exchange.getResponseBody().flush();
                silence();
            }
            case REDIRECTING -> {
                exchange.getResponseHeaders().set("Location", url().toString());
                answer(exchange, 307, "text/plain", "");
            }
            case WITHOUT_THE_KEY -> throw new IllegalStateException("answered above");
        }
    }

    private void sign(HttpExchange exchange, String signature) throws IOException {
        signed.incrementAndGet();
        answer(exchange, 200, "text/plain; charset=utf-8", signature);
    }

    /** As long as nobody waits. */
    private static void silence() {
        try {
            TimeUnit.SECONDS.sleep(60);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String name(KeyPair key) {
        return "0x" + HEX.formatHex(key.publicKey());
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
