package io.perigee.agent.identity;

import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The agent's one directory. Everything it knows is in it, and nothing outside it is written.
 *
 * @param root absolute
 */
public record AgentHome(Path root) {
    private static final int LARGEST_ENROLMENT = 64 * 1024;

    public AgentHome {
        root = root.toAbsolutePath().normalize();
    }

    public Path sessionKey() {
        return root.resolve("session-key.json");
    }

    /** Password of the key file when the owner names no other place; readable by the owner alone. */
    public Path keyPassword() {
        return root.resolve("session-key.password");
    }

    public Path enrolmentFile() {
        return root.resolve("enrolment.json");
    }

    /** While this file is there the agent takes no new work. */
    public Path paused() {
        return root.resolve("paused");
    }

    /** Held by the running agent: one agent per home. */
    public Path lock() {
        return root.resolve("agent.lock");
    }

    /** What the running agent last said of itself. */
    public Path status() {
        return root.resolve("status.json");
    }

    /** What the images said of the numeric classes of this machine. */
    public Path classes() {
        return root.resolve("classes.json");
    }

    public Path outbox() {
        return root.resolve("outbox");
    }

    public Path cache() {
        return root.resolve("cache");
    }

    /** Which images jobs brought into the engine. */
    public Path images() {
        return root.resolve("images");
    }

    public Path attempts() {
        return root.resolve("attempts");
    }

    public Path history() {
        return root.resolve("history");
    }

    /** What the owner shows to be paid with the hub gone. */
    public Path evidence() {
        return root.resolve("evidence");
    }

    /** Makes the directories, private to their owner. */
    public AgentHome create() throws IOException {
        for (var directory : new Path[] {root, outbox(), cache(), images(), attempts(), history(), evidence()}) {
            DurableFiles.privateDirectory(directory);
        }
        return this;
    }

    /**
     * The enrolment, once there is one.
     *
     * @throws InvalidValue when the file is there and is not one
     */
    public Optional<Enrolment> enrolment() throws IOException {
        if (!Files.isRegularFile(enrolmentFile())) {
            return Optional.empty();
        }
        if (Files.size(enrolmentFile()) > LARGEST_ENROLMENT) {
            throw new InvalidValue("Expected to read an enrolment from '%s', but it is larger than %d bytes"
                    .formatted(enrolmentFile(), LARGEST_ENROLMENT));
        }
        return Optional.of(Json.read(Files.readAllBytes(enrolmentFile()), Enrolment.class));
    }
}
