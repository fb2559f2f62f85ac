package io.perigee.api.gateway.ethereum;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.api.gateway.ProviderRegistry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.SessionKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** One {@code eth_call} of {@code standing(provider, serial)}: the owner, and since when the serial is revoked. */
final class RpcProviderRegistry implements ProviderRegistry {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int WORD = 64;
    private static final int ADDRESS = 40;
    private static final String SELECTOR = HexFormat.of()
            .formatHex(Arrays.copyOf(
                    Keccak256.hash("standing(bytes32,uint32)".getBytes(StandardCharsets.US_ASCII))
                            .bytes(),
                    4));

    private final Address registry;
    private final URI url;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    RpcProviderRegistry(Address registry, URI url) {
        this.registry = registry;
        this.url = url;
    }

    @Override
    public Optional<Rejected> refusal(SessionKey key) {
        String words;
        try {
            words = call(SELECTOR + key.provider().value().substring(2) + "%064x".formatted(key.serial()));
        } catch (IOException | InvalidValue unknown) {
            return Optional.of(new Rejected(
                    ErrorCode.CHAIN_ERROR,
                    "Expected to ask the chain who owns provider '%s', but it did not answer"
                            .formatted(key.provider())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(
                    new Rejected(ErrorCode.UNAVAILABLE, "Expected to ask the chain, but the hub is stopping"));
        }
        var owner = new Address("0x" + words.substring(WORD - ADDRESS, WORD));
        if (!owner.equals(key.owner())) {
            return Optional.of(new Rejected(
                    ErrorCode.FORBIDDEN,
                    owner.equals(Address.ZERO)
                            ? "Expected provider '%s' to be registered on chain, but it is not"
                                    .formatted(key.provider())
                            : "Expected provider '%s' to be registered by '%s', but another owner has it"
                                    .formatted(key.provider(), key.owner())));
        }
        if (!words.substring(WORD, 2 * WORD).equals("0".repeat(WORD))) {
            return Optional.of(new Rejected(
                    ErrorCode.FORBIDDEN,
                    "Expected a session key that is not revoked, but serial %d of provider '%s' is"
                            .formatted(key.serial(), key.provider())));
        }
        return Optional.empty();
    }

    private String call(String data) throws IOException, InterruptedException {
        var body = Map.of("jsonrpc", "2.0", "id", 1, "method", "eth_call", "params", new Object[] {
            Map.of("to", registry.value(), "data", "0x" + data), "latest"
        });
        var request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        JsonNode answer = Json.parse(
                http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        var result = answer.path("result").asText("");
        if (!result.matches("0x[0-9a-f]{128}")) {
            throw new IOException("no two words in the answer");
        }
        return result.substring(2);
    }
}
