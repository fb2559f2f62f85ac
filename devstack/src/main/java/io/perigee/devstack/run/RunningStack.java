package io.perigee.devstack.run;

import java.nio.file.Path;
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
    private static final Note<RunningStack> NOTE = new Note<>(RunningStack.class, "stack.json");

    /** The one that is alive; a note of a dead one is ignored. */
    static Optional<RunningStack> find(Path state) {
        return NOTE.read(state).filter(noted -> KeeperNote.find(state)
                .filter(keeper -> keeper.pid() == noted.pid())
                .isPresent());
    }

    void write(Path state) {
        NOTE.write(state, this);
    }

    static void forget(Path state) {
        NOTE.forget(state);
    }
}
