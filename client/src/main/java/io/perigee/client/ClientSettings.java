package io.perigee.client;

import java.net.URI;
import java.time.Duration;

/**
 * How a client behaves.
 *
 * @param hub the hub's root, such as http://localhost:8080
 * @param connectTimeout for one connection
 * @param requestTimeout for one request and its answer's head; a chunk of an upload counts as one
 * @param idleTimeout how long a stream may stay silent before it is opened again
 * @param attempts how often a repeatable request is sent before it fails
 * @param pause before the second attempt; it doubles with every further one
 * @param chunk bytes of one request of an upload
 */
public record ClientSettings(
        URI hub,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration idleTimeout,
        int attempts,
        Duration pause,
        int chunk) {
    private static final int CHUNK = 8 << 20;

    public ClientSettings {
        if (hub.getScheme() == null || !hub.getScheme().matches("https?") || hub.getHost() == null) {
            throw new IllegalArgumentException(
                    "Expected a hub such as http://localhost:8080, but got '%s'".formatted(hub));
        }
        if (attempts < 1 || chunk < 1) {
            throw new IllegalArgumentException("Expected at least one attempt and one byte a chunk");
        }
    }

    public static ClientSettings of(URI hub) {
        return new ClientSettings(
                hub,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(45),
                4,
                Duration.ofMillis(250),
                CHUNK);
    }

    public ClientSettings withIdleTimeout(Duration timeout) {
        return new ClientSettings(hub, connectTimeout, requestTimeout, timeout, attempts, pause, chunk);
    }

    public ClientSettings withChunk(int bytes) {
        return new ClientSettings(hub, connectTimeout, requestTimeout, idleTimeout, attempts, pause, bytes);
    }

    /** The address of a path below the API's root. */
    URI api(String path) {
        var root = hub.toString();
        return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + "/api/v1" + path);
    }
}
