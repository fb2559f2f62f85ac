package io.perigee.devstack.run;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** What one process leaves in the state directory for others to read: a small JSON file that is there whole or not at all. */
record Note<T>(Class<T> type, String name) {
    /** @return empty where there is none, or half of one by a process that was killed while it wrote */
    Optional<T> read(Path state) {
        try {
            var file = state.resolve(name);
            return Files.isRegularFile(file)
                    ? Optional.of(Json.read(Files.readAllBytes(file), type))
                    : Optional.empty();
        } catch (InvalidValue e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path state, T note) {
        try {
            var fresh = state.resolve(name + ".new");
            Files.write(fresh, Json.bytes(note));
            Files.move(fresh, state.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(Path state) {
        try {
            Files.deleteIfExists(state.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
