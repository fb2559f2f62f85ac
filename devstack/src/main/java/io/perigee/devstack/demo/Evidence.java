package io.perigee.devstack.demo;

import io.perigee.devstack.Expected;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.result.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The proof that {@code perigee fetch} wrote. */
final class Evidence {
    private Evidence() {}

    static Bundle read(Path results) {
        Path file = results.resolve("bundle.json");
        if (!Files.isRegularFile(file)) {
            throw new Expected("Expected a proof at " + file + ", but there is none", "Read the services' logs");
        }
        try {
            return Json.read(Files.readAllBytes(file), Bundle.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
