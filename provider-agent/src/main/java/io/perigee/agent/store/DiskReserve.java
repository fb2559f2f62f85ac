package io.perigee.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the agent and its jobs leave free of the disk they write to. A job can hold room that no directory entry tells of: in
 * files that it removed and keeps open, or reserved beyond their ends. This sees all of it, but not whose it is.
 */
@FunctionalInterface
public interface DiskReserve {
    boolean isTouched() throws IOException;

    /** @param directory on that disk */
    static DiskReserve of(Path directory, long bytes) {
        return () -> Files.getFileStore(directory).getUsableSpace() < bytes;
    }

    /** @throws NoRoom when nothing more may be written */
    default void require() throws IOException {
        if (isTouched()) {
            throw new NoRoom();
        }
    }

    /** The disk ran short; waiting does not help. */
    final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        private NoRoom() {
            super("Expected room on the disk, but less is free than the owner reserves");
        }
    }
}
