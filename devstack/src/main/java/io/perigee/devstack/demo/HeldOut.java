package io.perigee.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the trainer measured on rows that it never trained on.
 *
 * @param lossBefore nats a token
 * @param lossAfter nats a token
 */
record HeldOut(int rows, double lossBefore, double lossAfter, double perplexityBefore, double perplexityAfter) {

    /** Reads {@code eval.json} of the results; empty for a job that holds nothing out. */
    static Optional<HeldOut> read(Path results) {
        Path file = results.resolve("outputs").resolve("eval.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode all = Json.parse(Files.readAllBytes(file)).path("evaluations");
            if (all.size() < 2) {
                return Optional.empty();
            }
            JsonNode first = all.path(0);
            JsonNode last = all.path(all.size() - 1);
            return Optional.of(new HeldOut(
                    first.path("rows").asInt(),
                    first.path("loss").asDouble(),
                    last.path("loss").asDouble(),
                    first.path("perplexity").asDouble(),
                    last.path("perplexity").asDouble()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By how much the loss fell, in percent. */
    double fell() {
        return 100 * (1 - lossAfter / lossBefore);
    }
}
