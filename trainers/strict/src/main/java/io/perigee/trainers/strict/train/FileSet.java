package io.perigee.trainers.strict.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Named file contents that appear together or not at all. */
final class FileSet {
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    FileSet with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    FileSet with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a directory beside its place and moves it there in one step; an older one is replaced. */
    void publishDirectory(Path directory) throws IOException {
        Path parent = java.util.Objects.requireNonNull(directory.getParent());
        Files.createDirectories(parent);
        Path draft = parent.resolve("." + directory.getFileName() + ".draft");
        remove(draft);
        Files.createDirectory(draft);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(draft.resolve(file.getKey()), file.getValue());
        }
        remove(directory);
        Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes files into an existing directory, each moved into its place whole. */
    void publishFiles(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path draft = directory.resolve("." + file.getKey() + ".draft");
            Files.write(draft, file.getValue());
            Files.move(
                    draft,
                    directory.resolve(file.getKey()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.isDirectory(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(directory);
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.toList();
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
