package io.perigee.devstack.stack;

import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The directory one stack at a time lives in. */
final class StateDirectory implements AutoCloseable {
    /** What belongs to one run of the chain, and means nothing to the next. */
    private static final List<String> PER_RUN = List.of("broker", "artifacts", "agents", "wallets");

    /** The GiB that a hub leaves free of its disk, and what PostgreSQL, the broker, images and checkpoints of a demo take. */
    static final long LEAST_FREE_BYTES = 3L << 30;

    private final Path root;
    private final FileChannel lock;
    private final List<String> formerProviders;

    private StateDirectory(Path root, FileChannel lock, List<String> formerProviders) {
        this.root = root;
        this.lock = lock;
        this.formerProviders = List.copyOf(formerProviders);
    }

    /**
     * Takes the directory, and empties what the last run left.
     *
     * @throws Expected when another stack runs there, when it holds what no stack left, or the disk is nearly full
     */
    static StateDirectory take(Path root) {
        try {
            Path mark = root.resolve("stack.lock");
            if (!Files.exists(mark)) {
                mustHoldNothing(root);
            }
            Files.createDirectories(root.resolve("logs"));
            var channel = FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new Expected(
                        "Expected to start a stack in " + root + ", but one is running there",
                        "Stop it with './perigee down', or end the demo that runs there");
            }
            var former = Leftovers.providers(root.resolve("agents"));
            for (String each : PER_RUN) {
                Directories.delete(root.resolve(each));
            }
            try {
                mustHaveRoom(root, Files.getFileStore(root).getUsableSpace());
            } catch (Expected full) {
                channel.close();
                throw full;
            }
            return new StateDirectory(root, channel, former);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to use " + root + ", but " + e.getMessage(), e);
        }
    }

    /** Where no stack was before, what a stack would empty is somebody else's. */
    private static void mustHoldNothing(Path root) {
        for (String each : PER_RUN) {
            if (Files.exists(root.resolve(each), LinkOption.NOFOLLOW_LINKS)) {
                throw new Expected(
                        "Expected a directory of a stack or a new one, but %s holds '%s', which a start would empty"
                                .formatted(root, each),
                        "Name another directory in PERIGEE_STATE");
            }
        }
    }

    /** A start that finds the disk full half way says so in ten unlike ways. */
    static void mustHaveRoom(Path root, long free) {
        if (free < LEAST_FREE_BYTES) {
            throw new Expected(
                    "Expected at least %d MiB free on the disk of %s, but there are %d"
                            .formatted(LEAST_FREE_BYTES >> 20, root, free >> 20),
                    "Free some, or name a directory on another disk in PERIGEE_STATE");
        }
    }

    /** The providers of the last stack here, whose containers may still be about when it was killed. */
    List<String> formerProviders() {
        return formerProviders;
    }

    Path of(String name) {
        return root.resolve(name);
    }

    Path log(String name) {
        return root.resolve("logs").resolve(name + ".log");
    }

    Path root() {
        return root;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
