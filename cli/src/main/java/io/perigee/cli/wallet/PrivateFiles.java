package io.perigee.cli.wallet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Files that only their owner may read, from the moment they exist, and that survive a crash once they are written. */
public final class PrivateFiles {
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private PrivateFiles() {}

    /**
     * Writes a new file; one that cannot be written whole is not left behind.
     *
     * @throws java.nio.file.FileAlreadyExistsException rather than write over a key
     */
    public static void create(Path file, byte[] content) throws IOException {
        directory(directoryOf(file));
        var channel = FileChannel.open(file, NEW, readableByOwner(file));
        try (channel) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        sync(directoryOf(file));
    }

    /** Gives a written file its name, in place of what has it; when this returns, the name stands for it after a crash, too. */
    public static void move(Path written, Path file) throws IOException {
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        sync(directoryOf(file));
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

    /** Elsewhere than on POSIX systems a directory cannot be opened. */
    private static void sync(Path directory) throws IOException {
        if (posix(directory)) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] readableByOwner(Path file) {
        return posix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
