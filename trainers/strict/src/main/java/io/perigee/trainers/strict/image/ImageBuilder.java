package io.perigee.trainers.strict.image;

import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Makes the trainer's image without pulling anything: a runtime that jlink cuts out of the JDK, the host's C library and
 * the jars. The same inputs give the same bytes; when they have not changed, the earlier archive is kept.
 */
public final class ImageBuilder {
    /** Raise it when the layout of the image changes. */
    private static final int FORMAT = 1;

    private static final String MODULES = "java.base,jdk.incubator.vector";

    private ImageBuilder() {}

    public static ImageResult build(ImageRequest request) throws IOException {
        Path jlink = request.jdk().resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new IOException("Expected a whole JDK at '" + request.jdk()
                    + "', but it has no jlink. Name another one with --jdk.");
        }
        SortedMap<String, Path> libraries = HostLibraries.of(request.jdk());
        String key = key(request, libraries);
        Path description = request.out().resolveSibling(request.out().getFileName() + ".json");
        ImageResult earlier = earlier(request.out(), description, key);
        if (earlier != null) {
            return earlier;
        }
        Path parent = request.out().toAbsolutePath().getParent();
        Files.createDirectories(java.util.Objects.requireNonNull(parent));
        Path work = Files.createTempDirectory(parent, ".image");
        try {
            return fresh(request, libraries, key, description, work);
        } finally {
            remove(work);
        }
    }

    private static ImageResult fresh(
            ImageRequest request, SortedMap<String, Path> libraries, String key, Path description, Path work)
            throws IOException {
        Path runtime = work.resolve("runtime");
        Commands.run(List.of(
                request.jdk().resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--output",
                runtime.toString(),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-6"));
        Path layer = work.resolve("layer.tar");
        new Layer(runtime, libraries, request.jars()).write(layer);
        Path archive = work.resolve("image.tar");
        String imageId = DockerArchive.write(archive, layer, Layer.entrypoint(request.jars()));
        ImageResult result = new ImageResult(imageId, "sha256:" + Digests.of(archive), Files.size(archive), false);
        Files.deleteIfExists(description);
        Files.move(archive, request.out(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path draft = work.resolve("description.json");
        Files.writeString(
                draft,
                JsonWriter.write(Map.of(
                                "key",
                                key,
                                "imageId",
                                result.imageId(),
                                "sha256",
                                result.sha256(),
                                "size",
                                result.size()))
                        + "\n");
        Files.move(draft, description, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return result;
    }

    /** What decides the bytes: the jars, the JDK and the libraries of the host. */
    private static String key(ImageRequest request, SortedMap<String, Path> libraries) throws IOException {
        StringBuilder content = new StringBuilder("format " + FORMAT + "\n");
        for (Path jar : request.jars()) {
            content.append(jar.getFileName())
                    .append(' ')
                    .append(Digests.of(jar))
                    .append('\n');
        }
        content.append("jdk ")
                .append(Files.readString(request.jdk().resolve("release")))
                .append('\n');
        content.append("modules ")
                .append(Files.size(request.jdk().resolve("lib/modules")))
                .append('\n');
        for (Map.Entry<String, Path> library : libraries.entrySet()) {
            content.append(library.getKey())
                    .append(' ')
                    .append(Digests.of(library.getValue()))
                    .append('\n');
        }
        return Digests.of(content.toString());
    }

    private static @org.jspecify.annotations.Nullable ImageResult earlier(Path archive, Path description, String key)
            throws IOException {
        if (!Files.isRegularFile(archive) || !Files.isRegularFile(description)) {
            return null;
        }
        try {
            JsonFields fields = new JsonFields("", JsonReader.read(description, 1 << 16), IllegalStateException::new);
            ImageResult known = new ImageResult(
                    fields.text("imageId"), fields.text("sha256"), fields.longInteger("size", 0, Long.MAX_VALUE), true);
            boolean same = fields.text("key").equals(key)
                    && known.size() == Files.size(archive)
                    && known.sha256().equals("sha256:" + Digests.of(archive));
            return same ? known : null;
        } catch (JsonReader.Malformed | IllegalStateException e) {
            return null;
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
