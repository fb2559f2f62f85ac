package io.perigee.devstack.stack;

import java.nio.file.Path;

/**
 * The services' ahead-of-time caches, which make their starts quicker.
 *
 * @param directory where they are
 * @param written whether those that are missing are written; else they are only read, by any number of stacks at once
 */
public record StartupCaches(Path directory, boolean written) {
    public StartupCaches {
        directory = directory.toAbsolutePath();
    }

    static StartupCaches of(Path state) {
        return new StartupCaches(state.resolve("aot"), true);
    }

    /** Those that another stack wrote in its state, as far as there are any. */
    static StartupCaches readFrom(Path state) {
        return new StartupCaches(state.resolve("aot"), false);
    }
}
