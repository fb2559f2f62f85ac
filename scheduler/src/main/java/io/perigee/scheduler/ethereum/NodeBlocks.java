package io.perigee.scheduler.ethereum;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.eventlog.TryLater;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Digest;
import io.perigee.scheduler.draw.Blocks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.List;
import java.util.Optional;

/** Asks a node three read-only questions over JSON-RPC. */
public final class NodeBlocks implements Blocks, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI node;
    private final long chainId;
    private volatile boolean checked;

    /** @param chainId of the chain that the node must follow */
    public NodeBlocks(URI node, long chainId) {
        this.node = node;
        this.chainId = chainId;
    }

    @Override
    public long head() {
        if (!checked) {
            long found = number(ask("eth_chainId"));
            if (found != chainId) {
                throw new TryLater("Expected a node of chain %d, but it follows chain %d".formatted(chainId, found));
            }
            checked = true;
        }
        return number(ask("eth_blockNumber"));
    }

    @Override
    public Optional<Digest> hash(long number) {
        var block = ask("eth_getBlockByNumber", "0x" + Long.toHexString(number), false);
        try {
            return block.isNull() ? Optional.empty() : Optional.of(Digest.parse(block.path("hash").asText()));
        } catch (InvalidValue e) {
            throw new TryLater("Expected a block's hash, but the node sent none", e);
        }
    }

    private JsonNode ask(String method, Object... parameters) {
        var question = Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters));
        var request = HttpRequest.newBuilder(node)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.text(question), StandardCharsets.UTF_8))
                .build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                var bytes = body.readNBytes(LONGEST_ANSWER);
                var result = Json.parse(bytes).get("result");
                if (answer.statusCode() != 200 || result == null) {
                    throw new TryLater("Expected the node to answer %s, but it did not (HTTP %d)"
                            .formatted(method, answer.statusCode()));
                }
                return result;
            }
        } catch (IOException | InvalidValue e) {
            throw new TryLater("Expected the node to answer %s, but it did not".formatted(method), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while asking the node", e);
        }
    }

    private static long number(JsonNode hex) {
        try {
            return Long.parseUnsignedLong(hex.asText().substring(2), 16);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new TryLater("Expected a number of the node, but got something else", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
