package io.perigee.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * What a job is given to read. It runs as a user who owns none of it, so it is open to all to read, whatever umask this
 * process has; and a name is the bytes that the manifest says, whatever its locale.
 */
public final class JobReadable {
    private JobReadable() {}

    /** The place of a file below a directory that is there; those between are made. */
    public static Path place(Path directory, String path) throws IOException {
        var place = directory.resolve(RawName.path(path)).normalize();
        if (!place.startsWith(directory)) {
            throw new IOException("Expected a file inside '%s', but '%s' is not".formatted(directory, path));
        }
        enter(directory, Objects.requireNonNull(place.getParent(), "a file's directory"));
        return place;
    }

    private static void enter(Path root, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            enter(root, Objects.requireNonNull(directory.getParent(), "a directory below the root"));
            directory(directory);
        }
    }

    /** Makes a directory that all may look into. */
    public static Path directory(Path directory) throws IOException {
        return Files.setPosixFilePermissions(
                Files.createDirectory(directory), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Of a file that is there. */
    public static Path file(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }
}
