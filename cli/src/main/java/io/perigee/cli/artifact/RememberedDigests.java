package io.perigee.cli.artifact;

import io.perigee.protocol.codec.FileHasher;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Digests of large files that were hashed before and not touched since, so that a base of half a gigabyte is read once and
 * not with every quote. What cannot be remembered is hashed again; nothing depends on the memory.
 */
public final class RememberedDigests implements FileHasher {
    private static final long LARGE = 1 << 20;
    private static final int MOST = 256;

    /** Younger than the clock's grain a file may change once more and look the same. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path memory;
    private final InstantSource clock;

    public RememberedDigests(Path home, InstantSource clock) {
        this.memory = home.resolve("digests.json");
        this.clock = clock;
    }

    /** @param stamp size, times and inode: what changes with every write */
    private record Entry(String path, String stamp, ContentId sha256) {}

    /** Oldest first. */
    private record Entries(List<Entry> files) {}

    @Override
    public ContentId of(Path file) throws IOException {
        var path = file.toRealPath();
        var stamp = Files.size(path) < LARGE ? Optional.<String>empty() : stamp(path);
        if (stamp.isEmpty()) {
            return Sha256.of(path);
        }
        var entries = remembered();
        var known = entries.stream()
                .filter(entry ->
                        entry.path().equals(path.toString()) && entry.stamp().equals(stamp.get()))
                .findFirst();
        if (known.isPresent()) {
            return known.get().sha256();
        }
        var digest = Sha256.of(path);
        if (stamp.equals(stamp(path))) {
            remember(entries, new Entry(path.toString(), stamp.get(), digest));
        }
        return digest;
    }

    /** Empty for a file that was written just now, and where the system does not say enough. */
    private Optional<String> stamp(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Optional.empty();
        }
        var of = Files.readAttributes(path, "unix:size,ino,dev,lastModifiedTime,ctime");
        return isSettled(of, "lastModifiedTime") && isSettled(of, "ctime")
                ? Optional.of("%s %s %s %s %s"
                        .formatted(
                                of.get("size"),
                                of.get("dev"),
                                of.get("ino"),
                                of.get("lastModifiedTime"),
                                of.get("ctime")))
                : Optional.empty();
    }

    private boolean isSettled(Map<String, Object> attributes, String time) {
        return attributes.get(time) instanceof FileTime at
                && at.toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    private List<Entry> remembered() {
        try {
            return Files.exists(memory)
                    ? Json.read(Files.readAllBytes(memory), Entries.class).files()
                    : List.of();
        } catch (IOException | InvalidValue unreadable) {
            return List.of();
        }
    }

    /** A home that cannot be written remembers nothing. */
    private void remember(List<Entry> before, Entry entry) {
        var entries = new ArrayList<>(before);
        entries.removeIf(old -> old.path().equals(entry.path()));
        entries.add(entry);
        var kept = entries.subList(Math.max(0, entries.size() - MOST), entries.size());
        try {
            Files.createDirectories(memory.getParent());
            var next = Files.createTempFile(memory.getParent(), "digests", ".part");
            Files.write(next, Json.bytes(new Entries(List.copyOf(kept))));
            Files.move(next, memory, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            return;
        }
    }
}
