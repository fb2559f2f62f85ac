package io.perigee.agent.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Since when the machine is up, by a name that no other time has. */
final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** Null where the system does not say. */
    static @Nullable String present() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
