package io.perigee.protocol.codec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A directory by content: its files in order of path. The digest of its canonical bytes names the directory.
 *
 * <p>Empty directories, times and permissions are not part of it.
 */
public record Manifest(@JsonValue List<FileEntry> files) {
    public static final int MAX_FILES = 10_000;
    /** Of those that its files need, whatever they hold themselves. */
    public static final int MAX_DIRECTORIES = 10_000;

    public static final String MEDIA_TYPE = "application/vnd.perigee.manifest+json";

    private static final byte[] OPEN = {'['};
    private static final byte[] COMMA = {','};
    private static final byte[] CLOSE = {']'};

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Manifest {
        if (files.size() > MAX_FILES) {
            throw new InvalidValue("Expected to read a manifest of at most %d files, but it has %d"
                    .formatted(MAX_FILES, files.size()));
        }
        files = files.stream().sorted(Comparator.comparing(FileEntry::path)).toList();
        for (int i = 1; i < files.size(); i++) {
            var before = files.get(i - 1).path();
            var path = files.get(i).path();
            if (path.equals(before)) {
                throw InvalidValue.reading("a manifest", path, "this path is in it twice");
            }
        }
        requirePlainDirectories(files);
    }

    /** Reads the files below a directory. Symbolic links and special files are refused: their content is elsewhere. */
    public static Manifest ofDirectory(Path directory) throws IOException {
        return ofDirectory(directory, Sha256::of);
    }

    /** The same, by digests that the caller may know already. */
    public static Manifest ofDirectory(Path directory, FileHasher hasher) throws IOException {
        var found = new ArrayList<Path>();
        try (var walk = Files.walk(directory)) {
            walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .limit(MAX_FILES + 1L)
                    .forEach(found::add);
        }
        if (found.size() > MAX_FILES) {
            throw new InvalidValue("Expected to read a directory of at most %d files, but '%s' has more"
                    .formatted(MAX_FILES, directory));
        }
        var entries = new ArrayList<FileEntry>();
        for (var file : found) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new InvalidValue(
                        "Expected to read plain files, but '%s' is a link or a special file".formatted(file));
            }
            var name = directory
                    .relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
            entries.add(new FileEntry(name, Files.size(file), hasher.of(file)));
        }
        return new Manifest(entries);
    }

    /** A single file, as a directory that holds it alone. */
    public static Manifest ofFile(Path file) throws IOException {
        return ofFile(file, Sha256::of);
    }

    /** The same, by a digest that the caller may know already. */
    public static Manifest ofFile(Path file, FileHasher hasher) throws IOException {
        return new Manifest(List.of(new FileEntry(file.getFileName().toString(), Files.size(file), hasher.of(file))));
    }

    /**
     * Reads a manifest and insists on its canonical spelling, so that its digest is its only name.
     *
     * @throws InvalidValue when it is not canonical or breaks a rule
     */
    public static Manifest ofBytes(byte[] bytes) {
        var manifest = Json.read(bytes, Manifest.class);
        if (!manifest.isSpelledBy(bytes)) {
            throw new InvalidValue(
                    "Expected to read a manifest in canonical JSON (RFC 8785, sorted by path), but it is not");
        }
        return manifest;
    }

    public byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        pieces().forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** Its canonical bytes one entry after the other: a tree of ten thousand takes a few times what they do. */
    private Stream<byte[]> pieces() {
        var entries = IntStream.range(0, files.size())
                .mapToObj(i -> Stream.of(i == 0 ? OPEN : COMMA, CanonicalJson.bytes(files.get(i))))
                .flatMap(piece -> piece);
        return Stream.concat(files.isEmpty() ? Stream.of(OPEN) : entries, Stream.of(CLOSE));
    }

    private boolean isSpelledBy(byte[] bytes) {
        int at = 0;
        for (var pieces = pieces().iterator(); pieces.hasNext(); ) {
            var piece = pieces.next();
            int end = at + piece.length;
            if (end > bytes.length || !Arrays.equals(bytes, at, end, piece, 0, piece.length)) {
                return false;
            }
            at = end;
        }
        return at == bytes.length;
    }

    public ContentId digest() {
        return Sha256.of(bytes());
    }

    /** Bytes of all files together. */
    public long totalSize() {
        return files.stream().mapToLong(FileEntry::size).reduce(0, Math::addExact);
    }

    private static void requirePlainDirectories(List<FileEntry> files) {
        var paths = files.stream().map(FileEntry::path).collect(Collectors.toSet());
        var directories = new HashSet<String>();
        for (var path : paths) {
            // what a known directory is in is known, too
            int at = path.lastIndexOf('/');
            while (at > 0 && directories.add(path.substring(0, at))) {
                at = path.lastIndexOf('/', at - 1);
            }
            if (directories.size() > MAX_DIRECTORIES) {
                throw new InvalidValue("Expected to read a manifest of at most %d directories, but it has more"
                        .formatted(MAX_DIRECTORIES));
            }
        }
        paths.stream().filter(directories::contains).findFirst().ifPresent(path -> {
            var within = paths.stream()
                    .filter(other -> other.startsWith(path + "/"))
                    .findFirst()
                    .orElseThrow();
            throw InvalidValue.reading(
                    "a manifest", path, "it is a file, and '%s' makes a directory of it".formatted(within));
        });
    }
}
