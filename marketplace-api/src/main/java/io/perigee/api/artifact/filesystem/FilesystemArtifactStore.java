package io.perigee.api.artifact.filesystem;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code <dir>/content/ab/abcd…} for content and {@code <dir>/uploads/<id>} for what is still arriving.
 *
 * <p>A file becomes content by being synced and renamed, so a half-written file never has a content's name. The running
 * hash of an upload is kept in memory while its sender stays; after a restart it is taken again from the file.
 */
public final class FilesystemArtifactStore implements ArtifactStore {
    private static final int CHUNK = 64 * 1024;
    private static final int REMEMBERED = 256;

    private final Path content;
    private final Path uploads;
    private final ConcurrentHashMap<UUID, RunningHash> hashes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, Boolean> busy = new ConcurrentHashMap<>();

    public FilesystemArtifactStore(Path dir) throws IOException {
        this.content = Files.createDirectories(dir.resolve("content"));
        this.uploads = Files.createDirectories(dir.resolve("uploads"));
    }

    @Override
    public long received(UUID upload) throws IOException {
        try {
            return Files.size(partial(upload));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public Appended append(UUID upload, long offset, long size, InputStream bytes) throws IOException {
        if (busy.putIfAbsent(upload, true) != null) {
            return new Appended.Busy();
        }
        try {
            var received = received(upload);
            return received == offset ? write(upload, offset, size, bytes) : new Appended.ElsewhereAt(received);
        } finally {
            busy.remove(upload);
        }
    }

    private Appended write(UUID upload, long offset, long size, InputStream bytes) throws IOException {
        var hash = hashUpTo(upload, offset);
        var received = offset;
        var buffer = new byte[CHUNK];
        try (var file = FileChannel.open(partial(upload), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.position(offset);
            while (true) {
                var room = (int) Math.min(buffer.length, size - received);
                var count = room == 0 ? bytes.read(buffer, 0, 1) : bytes.read(buffer, 0, room);
                if (count < 0) {
                    return new Appended.Kept(received);
                }
                if (room == 0) {
                    return new Appended.TooMuch(received);
                }
                var chunk = ByteBuffer.wrap(buffer, 0, count);
                while (chunk.hasRemaining()) {
                    file.write(chunk);
                }
                hash.update(buffer, 0, count);
                received += count;
            }
        } finally {
            remember(upload, new RunningHash(hash, received));
        }
    }

    @Override
    public boolean complete(UUID upload, ContentId announced) throws IOException {
        if (busy.putIfAbsent(upload, true) != null) {
            throw new IOException(
                    "Expected to complete upload '%s', but it is still being appended to".formatted(upload));
        }
        try {
            var actual = ContentId.of(hashUpTo(upload, received(upload)).digest());
            if (!actual.equals(announced)) {
                drop(upload);
                return false;
            }
            var partial = partial(upload);
            if (Files.notExists(partial)) {
                Files.createFile(partial);
            }
            keep(partial, announced);
            hashes.remove(upload);
            return true;
        } finally {
            busy.remove(upload);
        }
    }

    @Override
    public InputStream peek(UUID upload) throws IOException {
        var partial = partial(upload);
        return Files.exists(partial) ? Files.newInputStream(partial) : InputStream.nullInputStream();
    }

    @Override
    public void drop(UUID upload) throws IOException {
        hashes.remove(upload);
        Files.deleteIfExists(partial(upload));
    }

    @Override
    public void dropOlderThan(Instant instant) throws IOException {
        try (var files = Files.newDirectoryStream(uploads)) {
            for (var file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(instant)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** What is here already, as at every start but the first, is read and not written. */
    @Override
    public ContentId ingest(Path file) throws IOException {
        var known = hash(file, OutputStream.nullOutputStream());
        if (Files.exists(place(known))) {
            return known;
        }
        var copy = uploads.resolve(UUID.randomUUID().toString());
        try {
            ContentId id;
            try (var out = Files.newOutputStream(copy)) {
                id = hash(file, out);
            }
            keep(copy, id);
            return id;
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static ContentId hash(Path file, OutputStream out) throws IOException {
        var hash = Sha256.digester();
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[CHUNK];
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        return ContentId.of(hash.digest());
    }

    @Override
    public void remove(ContentId id) throws IOException {
        Files.deleteIfExists(place(id));
    }

    @Override
    public long room() throws IOException {
        return Files.getFileStore(uploads).getUsableSpace();
    }

    @Override
    public Optional<Long> size(ContentId id) throws IOException {
        try {
            return Optional.of(Files.size(place(id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<InputStream> open(ContentId id, long offset) throws IOException {
        try {
            return Optional.of(Channels.newInputStream(
                    FileChannel.open(place(id), StandardOpenOption.READ).position(offset)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void keep(Path file, ContentId id) throws IOException {
        var place = place(id);
        if (Files.exists(place)) {
            Files.deleteIfExists(file);
            return;
        }
        Files.createDirectories(place.getParent());
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(place.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private MessageDigest hashUpTo(UUID upload, long offset) throws IOException {
        var known = hashes.remove(upload);
        if (known != null && known.offset() == offset) {
            return known.hash();
        }
        var hash = Sha256.digester();
        if (offset > 0) {
            try (var in = Files.newInputStream(partial(upload))) {
                var buffer = new byte[CHUNK];
                for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    hash.update(buffer, 0, count);
                }
            }
        }
        return hash;
    }

    /** Forgets everything when too much is remembered: what is forgotten is only read again from disk. */
    private void remember(UUID upload, RunningHash hash) {
        if (hashes.size() >= REMEMBERED) {
            hashes.clear();
        }
        hashes.put(upload, hash);
    }

    private Path partial(UUID upload) {
        return uploads.resolve(upload.toString());
    }

    private Path place(ContentId id) {
        var hex = id.hex();
        return content.resolve(hex.substring(0, 2)).resolve(hex);
    }

    private record RunningHash(MessageDigest hash, long offset) {}
}
