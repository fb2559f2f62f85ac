package io.perigee.agent.artifact;

import io.perigee.agent.store.DiskReserve;
import io.perigee.agent.store.DurableFiles;
import io.perigee.agent.store.JobReadable;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Artifacts on disk by content, bounded, least recently used first out. What is in it has been checked against its
 * digest; a transfer that broke goes on where it stopped.
 */
public final class ContentCache {
    private static final String PART = ".part";

    private final Path directory;
    private final long capacity;
    private final ArtifactStore store;
    private final DiskReserve reserve;
    private final Clock clock;
    private final Map<ContentId, Claim> claims = new ConcurrentHashMap<>();

    /** One content that somebody fetches; {@code users} changes inside the map's compute only. */
    private static final class Claim {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /** @param reserve of the directory's disk: once it is touched, nothing more is fetched */
    public ContentCache(Path directory, long capacity, ArtifactStore store, DiskReserve reserve, Clock clock) {
        this.directory = directory;
        this.capacity = capacity;
        this.store = store;
        this.reserve = reserve;
        this.clock = clock;
    }

    /**
     * The file with this content, from the cache or the hub.
     *
     * @param most largest size accepted
     * @throws ArtifactException when the hub does not have it, or has other bytes under its name
     * @throws DiskReserve.NoRoom when the disk ran short; what was fetched of it is removed
     */
    public Path fetch(ContentId id, long most, Duration patience, Cancellation cancellation)
            throws IOException, InterruptedException {
        var claim = claim(id);
        try {
            claim.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            release(id, claim);
            throw e;
        }
        try {
            var file = directory.resolve(id.hex());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                var part = directory.resolve(id.hex() + PART);
                HttpArtifactStore.patiently(patience, cancellation, () -> {
                    download(id, part, most, cancellation);
                    return part;
                });
                JobReadable.file(part);
                // what has its name is never checked again, after a loss of power neither
                DurableFiles.move(part, file);
                evict(file);
            } else if (Files.size(file) > most) {
                throw ArtifactException.tooLarge("Expected artifact '%s' to have at most %d bytes, but it has %d"
                        .formatted(id, most, Files.size(file)));
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return file;
        } finally {
            claim.lock.unlock();
            release(id, claim);
        }
    }

    private Claim claim(ContentId id) {
        return Objects.requireNonNull(claims.compute(id, (_, present) -> {
            var claim = present == null ? new Claim() : present;
            claim.users++;
            return claim;
        }));
    }

    private void release(ContentId id, Claim claim) {
        claims.compute(id, (_, _) -> --claim.users == 0 ? null : claim);
    }

    /** Puts the content at a path of an attempt: a second name for the same bytes where the file system can. */
    public Path place(ContentId id, long most, Path target, Duration patience, Cancellation cancellation)
            throws IOException, InterruptedException {
        var file = fetch(id, most, patience, cancellation);
        Files.createDirectories(target.getParent());
        try {
            Files.createLink(target, file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            reserve.require();
            JobReadable.file(Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING));
        }
        return target;
    }

    private void download(ContentId id, Path part, long most, Cancellation cancellation)
            throws IOException, InterruptedException {
        long have = Files.isRegularFile(part) ? Files.size(part) : 0;
        if (have > 0 && Sha256.of(part).equals(id)) {
            // The agent ended between the last byte and the renaming.
            return;
        }
        try (OutputStream out = new ReservingStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND), reserve)) {
            store.download(id, have, most - have, out, cancellation);
        } catch (DiskReserve.NoRoom e) {
            Files.deleteIfExists(part);
            throw e;
        } catch (ArtifactException e) {
            if (e.lasting()) {
                Files.deleteIfExists(part);
            }
            throw e;
        }
        if (!Sha256.of(part).equals(id)) {
            Files.delete(part);
            throw new ArtifactException(
                    "Expected the bytes of artifact '%s', but the hub sent others".formatted(id), false);
        }
    }

    /** Removes what transfers of an earlier life left that nobody goes on with. To be called before anybody fetches. */
    public void dropParts() throws IOException {
        try (var parts = Files.newDirectoryStream(directory, "*" + PART)) {
            for (var part : parts) {
                Files.deleteIfExists(part);
            }
        }
    }

    /** Removes the least recently used until the rest fits; the newest stays even when it alone does not fit. */
    private synchronized void evict(Path newest) throws IOException {
        var files = new ArrayList<Path>();
        try (var listing = Files.newDirectoryStream(directory)) {
            listing.forEach(files::add);
        }
        files.sort(Comparator.comparing(ContentCache::lastUsed).reversed());
        long sum = Files.size(newest);
        for (var file : files) {
            if (file.equals(newest) || isOnItsWay(file)) {
                continue;
            }
            long size = size(file);
            sum += size;
            if (sum > capacity) {
                sum -= size;
                Files.deleteIfExists(file);
            }
        }
    }

    /** A part that nobody fetches is what a transfer left that was called off; it may never be asked for again. */
    private boolean isOnItsWay(Path file) {
        var name = file.getFileName().toString();
        if (!name.endsWith(PART)) {
            return false;
        }
        return claims.containsKey(ContentId.parse("sha256:" + name.substring(0, name.length() - PART.length())));
    }

    /** Somebody may take up a part meanwhile, and finish it. */
    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static FileTime lastUsed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
