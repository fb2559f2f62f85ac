package io.perigee.cli.job;

import io.perigee.cli.wallet.PrivateFiles;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.KeyedSubmission;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Submissions that were sent together, in a file. Whoever holds its lock waits for their answers; a lock ends with its program. */
final class KeptFile implements AutoCloseable {
    static final String DRAFT = ".new";

    /**
     * One of them.
     *
     * @param asked what it was made for, by {@link Asked#digest}
     */
    record Kept(ContentId asked, KeyedSubmission submission) {
        boolean isOver(Instant now) {
            return submission.request().order().deadline() <= now.getEpochSecond();
        }
    }

    private record Content(List<Kept> submissions) {
        Content {
            submissions = List.copyOf(submissions);
        }
    }

    private final Path path;
    private final List<Kept> unclaimed;
    private @Nullable FileChannel lock;

    private KeptFile(Path path, List<Kept> unclaimed) {
        this.path = path;
        this.unclaimed = new ArrayList<>(unclaimed);
    }

    /** Nobody sees it before it is whole and locked; when this returns, it survives a crash. */
    static KeptFile create(Path path, List<Kept> submissions) throws IOException {
        var draft = draft(path, submissions);
        var file = new KeptFile(path, List.of());
        file.lock = FileChannel.open(draft, StandardOpenOption.WRITE);
        locks(file.lock);
        PrivateFiles.move(draft, path);
        return file;
    }

    /** Empty when it is gone, or its orders are past their deadline; then it is removed. */
    static Optional<KeptFile> read(Path path, Instant now) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        var good = Json.read(bytes, Content.class).submissions().stream()
                .filter(kept -> !kept.isOver(now))
                .toList();
        if (good.isEmpty()) {
            Files.deleteIfExists(path);
            return Optional.empty();
        }
        return Optional.of(new KeptFile(path, good));
    }

    List<Kept> unclaimed() {
        return List.copyOf(unclaimed);
    }

    /** Takes one up again; false while another program waits for the file's answers, or has them. */
    boolean claim(Kept kept) throws IOException {
        return isLocked() && unclaimed.remove(kept);
    }

    private boolean isLocked() throws IOException {
        if (lock != null) {
            return true;
        }
        try {
            var opened = FileChannel.open(path, StandardOpenOption.WRITE);
            if (locks(opened) && Files.exists(path)) {
                lock = opened;
            } else {
                opened.close();
            }
        } catch (NoSuchFileException _) {
            return false;
        }
        return lock != null;
    }

    /** Where the file system knows no locks nobody is kept apart, and a hub takes what has one key once. */
    private static boolean locks(FileChannel opened) {
        try {
            return opened.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    /** Keeps what nobody took up, and forgets the rest. */
    void answered() throws IOException {
        if (unclaimed.isEmpty()) {
            Files.deleteIfExists(path);
        } else {
            PrivateFiles.move(draft(path, unclaimed), path);
        }
    }

    private static Path draft(Path path, List<Kept> submissions) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + DRAFT);
        Files.deleteIfExists(draft);
        PrivateFiles.create(draft, Json.bytes(new Content(submissions)));
        return draft;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
