package io.perigee.devstack.run;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a stack that was left running says of itself, in {@code stack.json} of its state directory.
 *
 * @param pid of the process that keeps it
 */
public record RunningStack(
        long pid,
        String apiUrl,
        String rpcUrl,
        String hub,
        String escrow,
        String registry,
        String token,
        String engine) {
    private static Path file(Path state) {
        return state.resolve("stack.json");
    }

    /** The one that is alive; a note of a dead one is ignored. */
    static Optional<RunningStack> find(Path state) {
        try {
            if (!Files.isRegularFile(file(state))) {
                return Optional.empty();
            }
            var noted = Json.read(Files.readAllBytes(file(state)), RunningStack.class);
            return KeeperNote.find(state)
                    .filter(keeper -> keeper.pid() == noted.pid())
                    .map(_ -> noted);
        } catch (InvalidValue e) {
            // half a note of a process that was killed while it wrote
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path state) {
        try {
            Path fresh = state.resolve("stack.json.new");
            Files.write(fresh, Json.bytes(this));
            Files.move(fresh, file(state), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void forget(Path state) {
        try {
            Files.deleteIfExists(file(state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
