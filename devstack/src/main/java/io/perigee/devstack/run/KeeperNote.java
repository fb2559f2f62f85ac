package io.perigee.devstack.run;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who keeps a stack, noted as soon as that process is there: {@code keeper.json} of the state directory.
 *
 * @param started when, as the system says it: another process of the same number did not start then
 */
record KeeperNote(long pid, String started) {
    private static final Note<KeeperNote> NOTE = new Note<>(KeeperNote.class, "keeper.json");

    static KeeperNote of(ProcessHandle process) {
        return new KeeperNote(process.pid(), started(process));
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("");
    }

    /** The keeper that is alive, ready or not; a note of a dead one is ignored. */
    static Optional<ProcessHandle> find(Path state) {
        return NOTE.read(state).flatMap(noted -> ProcessHandle.of(noted.pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> started(process).equals(noted.started)));
    }

    void write(Path state) {
        NOTE.write(state, this);
    }

    static void forget(Path state) {
        NOTE.forget(state);
    }
}
