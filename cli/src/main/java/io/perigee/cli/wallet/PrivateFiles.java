package io.perigee.cli.wallet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Files that only their owner may read, from the moment they exist. */
public final class PrivateFiles {
    private PrivateFiles() {}

    /**
     * Writes a new file.
     *
     * @throws java.nio.file.FileAlreadyExistsException rather than write over a key
     */
    public static void create(Path file, byte[] content) throws IOException {
        directory(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory"));
        if (posix(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
        } else {
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        }
    }

    public static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            if (posix(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(directory);
            }
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
