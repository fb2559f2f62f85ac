package io.perigee.agent.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Small files that are either wholly there or not, whenever the power goes. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Replaces the file's content; when this returns, the new content survives a crash. */
    public static void write(Path file, byte[] content) throws IOException {
        var temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try (var channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        move(temporary, file);
    }

    /** Gives a finished file its name; when this returns, the name stands for the whole content after a crash, too. */
    public static void move(Path finished, Path file) throws IOException {
        try (var channel = FileChannel.open(finished, StandardOpenOption.READ)) {
            channel.force(true);
        }
        Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectoryOf(file);
    }

    /** Removes the file; when this returns, it stays removed after a crash. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectoryOf(file);
        }
    }

    /** Makes a directory that only its owner may enter. */
    public static Path privateDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        return directory;
    }

    /** Removes a tree, however a job left it, without following links, so that none leads out of it. */
    public static void deleteTree(Path root) throws IOException {
        Removal.of(root);
    }

    private static void syncDirectoryOf(Path file) throws IOException {
        var directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file's directory");
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
