package io.perigee.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What jobs leave free of the disk they write to. A job can hold room that no directory entry tells of: in files that it
 * removed and keeps open, or reserved beyond their ends. This sees all of it, but not whose it is.
 *
 * @param directory on that disk
 */
record DiskReserve(Path directory, long bytes) {
    boolean isTouched() throws IOException {
        return Files.getFileStore(directory).getUsableSpace() < bytes;
    }
}
