package io.perigee.agent.store;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads what a container wrote, trusting none of it.
 *
 * <p>A job may leave a symbolic link to the provider's own files, a pipe that blocks its reader, or a file of any
 * size. So every step is taken from a directory that is held ({@link Pinned}), no link is followed at any level,
 * only regular files are opened, and every read has a bound.
 */
public final class JobWritten {
    private static final int DEEPEST = 16;
    /** More than any job of the contract leaves; each takes room on the disk, however empty it is. */
    private static final int MOST_ENTRIES = 200_000;

    private static final int BUFFER = 64 * 1024;

    private JobWritten() {}

    /**
     * One file of a tree.
     *
     * @param path relative, with '/' between names
     */
    public record Entry(String path, long size, ContentId sha256) {}

    /** A tree the agent will not take: links, special files, too many or too large files. */
    public static final class Unacceptable extends IOException {
        private static final long serialVersionUID = 1L;

        public Unacceptable(String message) {
            super(message);
        }
    }

    /** Whether a regular file of that name is in the directory. */
    public static boolean hasFile(Path directory, String name) {
        try (var opened = Pinned.of(directory);
                var file = opened.child(name)) {
            return file.attributes().isRegularFile();
        } catch (IOException e) {
            return false;
        }
    }

    /** The SHA-256 of one regular file of the directory, reading at most {@code most} bytes. */
    public static ContentId sha256(Path directory, String name, long most) throws IOException {
        try (var opened = Pinned.of(directory);
                var file = opened.child(name)) {
            return hash(file, name, most).sha256();
        }
    }

    /** The first bytes of one regular file, or empty when there is no such file. */
    public static Optional<byte[]> head(Path directory, String name, int most) throws IOException {
        try (var opened = Pinned.of(directory);
                var channel = channel(opened, name, name)) {
            var buffer = ByteBuffer.allocate(most);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            var bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * All files below the directory with their hashes, sorted by path.
     *
     * @throws Unacceptable where a manifest could not say them: links, special files, too many, or names that are not UTF-8
     */
    public static List<Entry> tree(Path directory, int mostFiles, long mostBytes) throws IOException {
        var found = new ArrayList<Entry>();
        try (var opened = Pinned.of(directory)) {
            collect(opened, "", 0, found, mostFiles, mostBytes);
        }
        found.sort(Comparator.comparing(Entry::path));
        return List.copyOf(found);
    }

    /**
     * Bytes below the directory as the directory entries tell them; for a disk limit, not for a hash.
     *
     * @throws Unacceptable where bytes could hide: too deep, too many, or in a directory that is closed to the agent
     */
    public static long size(Path directory) throws IOException {
        return size(directory, MOST_ENTRIES);
    }

    static long size(Path directory, int mostEntries) throws IOException {
        try (var opened = Pinned.of(directory)) {
            return size(opened, 0, new AtomicInteger(mostEntries));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (AccessDeniedException e) {
            throw closed(String.valueOf(directory.getFileName()));
        }
    }

    /** Opens one file below the directory for reading, following no link on the way. */
    public static SeekableByteChannel read(Path directory, String path) throws IOException {
        var names = List.of(path.split("/"));
        var opened = Pinned.of(directory);
        try {
            for (var name : names.subList(0, names.size() - 1)) {
                var next = opened.child(name);
                opened.close();
                opened = next;
            }
            return channel(opened, names.getLast(), path);
        } finally {
            opened.close();
        }
    }

    /**
     * Makes files of a directory survive a loss of power, and the names that lead to them.
     *
     * @param within whose child the directory is
     * @throws Unacceptable where they are no longer what they were
     */
    public static void force(Path within, String directory, List<String> files) throws IOException {
        try (var outer = Pinned.of(within);
                var inner = outer.child(directory)) {
            for (var name : files) {
                try (var file = inner.child(name)) {
                    file.force();
                }
            }
            inner.force();
            outer.force();
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new Unacceptable(
                    "Expected '%s' to stay as it was, but '%s' is gone".formatted(directory, e.getFile()));
        } catch (AccessDeniedException e) {
            throw closed(directory);
        }
    }

    /**
     * Makes all that is below a directory survive a loss of power.
     *
     * @throws Unacceptable where there is more than so many files and directories, or what is neither
     */
    public static void force(Path directory, int most) throws IOException {
        try (var opened = Pinned.of(directory)) {
            force(opened, 0, new AtomicInteger(most));
        } catch (AccessDeniedException e) {
            throw closed(String.valueOf(directory.getFileName()));
        }
    }

    private static void force(Pinned directory, int depth, AtomicInteger left) throws IOException {
        try (var listing = directory.list()) {
            for (var path : listing) {
                if (left.decrementAndGet() < 0 || depth > DEEPEST) {
                    throw new Unacceptable("Expected no more files and directories than can be counted, but there are");
                }
                try (var child = directory.child(path.getFileName())) {
                    if (child.attributes().isDirectory()) {
                        force(child, depth + 1, left);
                    } else {
                        child.force();
                    }
                }
            }
        }
        directory.force();
    }

    private static void collect(
            Pinned directory, String prefix, int depth, List<Entry> found, int mostFiles, long mostBytes)
            throws IOException {
        if (depth > DEEPEST) {
            throw new Unacceptable(
                    "Expected at most %d directory levels, but '%s' is deeper".formatted(DEEPEST, prefix));
        }
        try (var listing = directory.list()) {
            for (var path : listing) {
                var name = path.getFileName();
                var full = prefix + RawName.text(name).orElseThrow(() -> notText(prefix));
                try (var child = directory.child(name)) {
                    if (child.attributes().isDirectory()) {
                        collect(child, full + "/", depth + 1, found, mostFiles, mostBytes);
                    } else {
                        if (found.size() == mostFiles) {
                            throw new Unacceptable(
                                    "Expected at most %d files, but there are more".formatted(mostFiles));
                        }
                        long left = mostBytes
                                - found.stream().mapToLong(Entry::size).sum();
                        found.add(hash(child, full, left));
                    }
                }
            }
        } catch (AccessDeniedException e) {
            throw closed(prefix);
        }
    }

    private static long size(Pinned directory, int depth, AtomicInteger left) throws IOException {
        if (depth > DEEPEST) {
            throw new Unacceptable("Expected at most %d directory levels, but there are more".formatted(DEEPEST));
        }
        long sum = 0;
        try (var listing = directory.list()) {
            for (var path : listing) {
                if (left.decrementAndGet() < 0) {
                    throw new Unacceptable("Expected no more files and directories than can be counted, but there are");
                }
                var name = path.getFileName();
                try (var child = directory.child(name)) {
                    var attributes = child.attributes();
                    sum += attributes.isDirectory() ? size(child, depth + 1, left) : attributes.size();
                } catch (NoSuchFileException e) {
                    // The running job removed it meanwhile.
                } catch (AccessDeniedException e) {
                    throw closed(String.valueOf(name));
                }
            }
        }
        return sum;
    }

    private static Unacceptable closed(String name) {
        return new Unacceptable("Expected to be let into '%s', but the job closed it".formatted(name));
    }

    private static Unacceptable notText(String prefix) {
        return new Unacceptable(
                "Expected file names in UTF-8, but one of the directory '%s' is not".formatted("./" + prefix));
    }

    private static Entry hash(Pinned file, String shown, long most) throws IOException {
        try (var channel = channel(file, shown)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = ByteBuffer.allocate(BUFFER);
            long size = 0;
            while (channel.read(buffer) >= 0) {
                size += buffer.position();
                if (size > most) {
                    throw new Unacceptable("Expected '%s' to fit in %d bytes, but it is larger".formatted(shown, most));
                }
                digest.update(buffer.flip());
                buffer.clear();
            }
            return new Entry(shown, size, ContentId.of(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SeekableByteChannel channel(Pinned directory, String name, String shown) throws IOException {
        try (var file = directory.child(name)) {
            return channel(file, shown);
        } catch (AccessDeniedException e) {
            throw closed(shown);
        }
    }

    private static SeekableByteChannel channel(Pinned file, String shown) throws IOException {
        try {
            return file.read();
        } catch (AccessDeniedException e) {
            throw closed(shown);
        }
    }

    /** The directory itself is the agent's or one the job made: its last name must not be a link either. */
    static SecureDirectoryStream<Path> open(Path directory) throws IOException {
        try (var opened = Pinned.of(directory)) {
            return opened.list();
        }
    }
}
