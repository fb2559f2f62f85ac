package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The images that jobs brought into the owner's engine: bounded together, the least recently used first out. What the engine
 * held before is the owner's and never removed; neither is what a container is of. A file each says what is there and when
 * it was last wanted, so that a restart forgets none.
 */
final class LoadedImages {
    /** Somebody may be about to start a container of what was wanted so lately. */
    private static final Duration IN_USE = Duration.ofMinutes(10);

    private final Path directory;
    private final long capacity;
    private final ImageStore engine;
    private final Clock clock;

    /**
     * @param capacity bytes of all together; one image is kept, however large
     */
    LoadedImages(Path directory, long capacity, ImageStore engine, Clock clock) {
        this.directory = directory;
        this.capacity = capacity;
        this.engine = engine;
        this.clock = clock;
    }

    /** Is to be said before it is loaded: what is noted and is not there does no harm. */
    void load(ContentId image) throws IOException {
        DurableFiles.write(note(image), new byte[0]);
        touch(image);
    }

    /** A job is about to run it; nothing when it is the owner's own. */
    void wanted(ContentId image) throws IOException {
        if (Files.exists(note(image))) {
            touch(image);
        }
    }

    /** Removes what has not been wanted for longest until the rest fits. */
    void makeRoom() throws IOException {
        long sum = 0;
        for (var image : byLastUse()) {
            long size = engine.size(image);
            sum += size;
            if (sum > capacity && size < sum && isIdle(image) && engine.remove(image)) {
                sum -= size;
                DurableFiles.delete(note(image));
            }
        }
    }

    private List<ContentId> byLastUse() throws IOException {
        try (var notes = Files.list(directory)) {
            return notes.filter(note -> !note.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(LoadedImages::lastUsed).reversed())
                    .map(note -> ContentId.parse("sha256:" + note.getFileName()))
                    .toList();
        }
    }

    private boolean isIdle(ContentId image) {
        return lastUsed(note(image)).toInstant().plus(IN_USE).isBefore(clock.instant());
    }

    private void touch(ContentId image) throws IOException {
        Files.setLastModifiedTime(note(image), FileTime.from(clock.instant()));
    }

    private static FileTime lastUsed(Path note) {
        try {
            return Files.getLastModifiedTime(note);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private Path note(ContentId image) {
        return directory.resolve(image.hex());
    }
}
