package io.perigee.devstack.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps a stack, noted by that process itself as soon as it has the place, before it starts anything: {@code keeper.json}
 * of the state directory. Of two that start at once the other never had it, and is not noted.
 *
 * @param started when, as the system says it: another process of the same number did not start then
 */
record KeeperNote(long pid, @Nullable Instant started) {
    private static final Note<KeeperNote> NOTE = new Note<>(KeeperNote.class, "keeper.json");

    /** Each process counts from when the system started, which moves a little where the clock is corrected. */
    private static final Duration JITTER = Duration.ofSeconds(2);

    static KeeperNote of(ProcessHandle process) {
        return new KeeperNote(process.pid(), process.info().startInstant().orElse(null));
    }

    /** The keeper that is alive, ready or not; a note of a dead one is ignored. */
    static Optional<ProcessHandle> find(Path state) {
        return NOTE.read(state).flatMap(noted -> ProcessHandle.of(noted.pid)
                .filter(ProcessHandle::isAlive)
                .filter(noted::isOf));
    }

    private boolean isOf(ProcessHandle process) {
        var at = process.info().startInstant();
        return started == null || at.isEmpty()
                ? started == null && at.isEmpty()
                : Duration.between(started, at.get()).abs().compareTo(JITTER) <= 0;
    }

    void write(Path state) {
        NOTE.write(state, this);
    }

    static void forget(Path state) {
        NOTE.forget(state);
    }
}
