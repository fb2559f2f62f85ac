package io.perigee.devstack.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How a service tells that it does its work. */
@FunctionalInterface
interface Readiness {
    /** Asked again and again; must be quick. */
    boolean ready(long pid) throws InterruptedException;

    /** It answers 200 there. */
    static Readiness http(URI uri) {
        return _ -> Probe.answers(uri);
    }

    /** An agent's status file says that this very process has its hub and its engine. */
    static Readiness agent(Path home) {
        return pid -> {
            try {
                Path file = home.resolve("status.json");
                if (!Files.isRegularFile(file)) {
                    return false;
                }
                JsonNode status = Json.parse(Files.readAllBytes(file));
                return status.path("pid").asLong() == pid
                        && status.path("connected").asBoolean()
                        && status.path("engine").asBoolean();
            } catch (IOException | InvalidValue e) {
                // it is just being replaced
                return false;
            }
        };
    }

    /** Asks a service's health. */
    final class Probe {
        private static final HttpClient HTTP = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .executor(Thread::startVirtualThread)
                .build();

        private Probe() {}

        static boolean answers(URI uri) throws InterruptedException {
            try {
                var request = HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(5))
                        .build();
                return HTTP.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
