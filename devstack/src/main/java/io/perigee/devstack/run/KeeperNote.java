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
 * Who keeps a stack, noted as soon as that process is there: {@code keeper.json} of the state directory.
 *
 * @param started when, as the system says it: another process of the same number did not start then
 */
record KeeperNote(long pid, String started) {
    static KeeperNote of(ProcessHandle process) {
        return new KeeperNote(process.pid(), started(process));
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("");
    }

    /** The keeper that is alive, ready or not; a note of a dead one is ignored. */
    static Optional<ProcessHandle> find(Path state) {
        try {
            if (!Files.isRegularFile(file(state))) {
                return Optional.empty();
            }
            var noted = Json.read(Files.readAllBytes(file(state)), KeeperNote.class);
            return ProcessHandle.of(noted.pid).filter(ProcessHandle::isAlive).filter(process -> started(process)
                    .equals(noted.started));
        } catch (InvalidValue e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path state) {
        try {
            Path fresh = state.resolve("keeper.json.new");
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

    private static Path file(Path state) {
        return state.resolve("keeper.json");
    }
}
