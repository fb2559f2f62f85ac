package io.perigee.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory as Linux counts it. */
public final class Resident {
    private Resident() {}

    /**
     * Memory a process has for itself, in bytes: the proportional share ({@code Pss}), so that pages which several
     * processes share (PostgreSQL's buffers, the JDK's archive) are counted once; plain {@code VmRSS} where the kernel
     * does not tell; 0 when the process is gone.
     */
    public static long bytes(long pid) {
        long share = read(pid, "smaps_rollup", "Pss:");
        return share > 0 ? share : read(pid, "status", "VmRSS:");
    }

    /** Plain resident set size in bytes, shared pages included. */
    public static long residentSet(long pid) {
        return read(pid, "status", "VmRSS:");
    }

    private static long read(long pid, String file, String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.substring(key.length())
                                    .replace("kB", "")
                                    .trim())
                            * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
