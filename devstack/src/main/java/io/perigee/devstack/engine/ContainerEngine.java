package io.perigee.devstack.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running engine that speaks the Docker API.
 *
 * @param socket its Unix socket
 * @param name "Docker 20.10.24" or "Podman 4.3.1"
 * @param shared false when it was started for this stack alone and ends with it
 */
public record ContainerEngine(Path socket, String name, boolean shared) {
    /** The value agents' {@code perigee.agent.engine} takes. */
    public String url() {
        return "unix://" + socket;
    }

    /** Asks a socket what it is; empty when nothing answers there. */
    static java.util.Optional<String> ask(Path socket) {
        try {
            if (UnixHttp.send(socket, "GET", "/_ping").status() != 200) {
                return java.util.Optional.empty();
            }
            JsonNode version = Json.mapper()
                    .readTree(UnixHttp.send(socket, "GET", "/version").body());
            String product = "Docker";
            for (JsonNode component : version.path("Components")) {
                if (component.path("Name").asText().startsWith("Podman")) {
                    product = "Podman";
                }
            }
            return java.util.Optional.of(product + " " + version.path("Version").asText("?"));
        } catch (IOException | UnsupportedOperationException e) {
            return java.util.Optional.empty();
        }
    }

    /** A container, by its labels. */
    public record Found(String id, long pid, JsonNode labels) {}

    /** The containers that carry the label, running or not. */
    public List<Found> containers(String label) {
        String filter = URLEncoder.encode("{\"label\":[\"" + label + "\"]}", StandardCharsets.UTF_8);
        var found = new ArrayList<Found>();
        for (JsonNode each : get("/v1.41/containers/json?all=true&filters=" + filter)) {
            String id = each.path("Id").asText();
            JsonNode state = get("/v1.41/containers/" + id + "/json").path("State");
            found.add(new Found(id, state.path("Pid").asLong(0), each.path("Labels")));
        }
        return found;
    }

    /** Kills and removes a container; one that is gone already is fine. */
    public void remove(String id) {
        try {
            UnixHttp.send(socket, "DELETE", "/v1.41/containers/" + id + "?force=true&v=true");
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to remove the container " + id + ", but " + e.getMessage(), e);
        }
    }

    private JsonNode get(String path) {
        try {
            var answer = UnixHttp.send(socket, "GET", path);
            return answer.status() == 200
                    ? Json.mapper().readTree(answer.body())
                    : Json.mapper().createArrayNode();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected " + name + " to answer, but " + e.getMessage(), e);
        }
    }
}
