package io.perigee.testkit.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Patience;
import io.perigee.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A development chain: chain id 31337, ten funded accounts of the well-known test mnemonic. State is not kept. */
public final class Anvil implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The private keys of the first accounts of {@code test test test test test test test test test test test junk}. */
    public static final List<String> FUNDED_KEYS = List.of(
            "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
            "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
            "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");

    /** So many blocks back a contract can be asked; whoever asks stays within a few confirmations of the head. */
    private static final int STATES_KEPT = 256;

    private final Child child;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Anvil(Child child, int port) {
        this.child = child;
        this.port = port;
    }

    /** Starts a chain with a block every second on a free port. */
    public static Anvil start() {
        return start(Directories.temporary("perigee-anvil-").resolve("anvil.log"), Ports.free(), "--block-time", "1");
    }

    /** Starts a chain that mines a block for each transaction, and otherwise stands still. */
    public static Anvil startAutomine() {
        return start(Directories.temporary("perigee-anvil-").resolve("anvil.log"), Ports.free());
    }

    /** Starts a chain with the given options added, and waits until it answers. */
    public static Anvil start(Path log, int port, String... options) {
        var words = new ArrayList<String>();
        words.add(AnvilBinary.findOrFetch().toString());
        words.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port), "--chain-id", "31337"));
        words.addAll(List.of("--gas-limit", "300000000", "--hardfork", "prague", "--quiet"));
        // else the state after every block would be kept as a file in the user's home, for good: gigabytes an hour
        words.addAll(List.of("--prune-history", Integer.toString(STATES_KEPT)));
        words.addAll(List.of(options));
        Child child = Child.start(new Child.Command("anvil", words, log));
        var anvil = new Anvil(child, port);
        child.awaitReady(
                Patience.start(), () -> anvil.call("eth_chainId").asText().equals("0x7a69"));
        return anvil;
    }

    /**
     * A JSON-RPC call.
     *
     * @throws IllegalStateException when the node answers with an error
     * @throws UncheckedIOException when it does not answer within 10 s
     */
    public JsonNode call(String method, @Nullable Object... parameters) {
        try {
            var body =
                    JSON.writeValueAsString(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", parameters));
            var request = HttpRequest.newBuilder(URI.create(url()))
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            if (answer.has("error")) {
                throw new IllegalStateException(
                        method + ": " + answer.get("error").path("message").asText());
            }
            return answer.path("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during " + method, e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public Child child() {
        return child;
    }

    @Override
    public void close() {
        child.kill();
    }
}
