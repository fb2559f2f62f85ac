package io.perigee.agent.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.perigee.agent.sandbox.EngineException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * One engine's address and the API version both sides speak.
 *
 * <p>Docker 29 refuses versions below 1.44, Docker 20.10 and Podman 4 those above 1.41: so it is asked, once.
 */
final class DockerConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int PREFERRED_MINOR = 41;
    private static final int MOST_CONNECTIONS = 16;

    private final DockerHttpClient http;
    private final DockerClient client;
    private final boolean podman;

    private DockerConnection(DockerHttpClient http, DockerClient client, boolean podman) {
        this.http = http;
        this.client = client;
        this.podman = podman;
    }

    static DockerConnection open(URI engine, Duration response) {
        var http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(engine)
                .maxConnections(MOST_CONNECTIONS)
                .connectionTimeout(CONNECT)
                .responseTimeout(response)
                .build();
        try {
            var version = version(http, engine);
            var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                    .withDockerHost(engine.toString())
                    .withDockerTlsVerify(false)
                    .withApiVersion(common(version))
                    .build();
            return new DockerConnection(http, DockerClientImpl.getInstance(config, http), isPodman(version));
        } catch (RuntimeException e) {
            closeQuietly(http);
            throw e;
        }
    }

    private static JsonNode version(DockerHttpClient http, URI engine) {
        var request = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path("/version")
                .build();
        try (var response = http.execute(request)) {
            return new ObjectMapper().readTree(response.getBody());
        } catch (IOException | RuntimeException e) {
            throw new EngineException(
                    "Expected a container engine to answer at '%s', but it did not: %s"
                            .formatted(engine, e.getMessage()),
                    e);
        }
    }

    private static String common(JsonNode version) {
        int most = minor(version.path("ApiVersion").asText("1." + PREFERRED_MINOR));
        int least = minor(version.path("MinAPIVersion").asText("1.24"));
        return "1." + Math.max(least, Math.min(most, PREFERRED_MINOR));
    }

    private static boolean isPodman(JsonNode version) {
        for (var component : version.path("Components")) {
            if (component.path("Name").asText().startsWith("Podman")) {
                return true;
            }
        }
        return false;
    }

    private static int minor(String version) {
        return Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }

    DockerClient client() {
        return client;
    }

    boolean podman() {
        return podman;
    }

    @Override
    public void close() {
        closeQuietly(http);
    }

    private static void closeQuietly(DockerHttpClient http) {
        try {
            http.close();
        } catch (IOException e) {
            throw new EngineException("Expected to close the connection to the engine, but " + e.getMessage(), e);
        }
    }
}
