package io.perigee.trainers.strict.image;

import io.perigee.trainers.strict.json.JsonWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code ImageMain --out strict.tar [--jdk DIR] [--jar FILE]…} makes the trainer's image and prints its id, digest and size
 * as JSON. The jars default to the class path this runs from.
 */
public final class ImageMain {
    private ImageMain() {}

    public static void main(String[] arguments) {
        try {
            ImageResult result = ImageBuilder.build(request(arguments));
            System.out.println(JsonWriter.write(Map.of(
                    "imageId",
                    result.imageId(),
                    "sha256",
                    result.sha256(),
                    "size",
                    result.size(),
                    "reused",
                    result.reused())));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static ImageRequest request(String[] arguments) throws IOException {
        Path out = null;
        Path jdk = Path.of(System.getProperty("java.home"));
        List<Path> jars = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw usage("'" + arguments[i] + "' has no value");
            }
            Path value = Path.of(arguments[i + 1]);
            switch (arguments[i]) {
                case "--out" -> out = value;
                case "--jdk" -> jdk = value;
                case "--jar" -> jars.add(value);
                default -> throw usage("'" + arguments[i] + "' is not known");
            }
        }
        if (out == null) {
            throw usage("--out is missing");
        }
        return new ImageRequest(jars.isEmpty() ? classPath() : jars, jdk.toRealPath(), out.toAbsolutePath());
    }

    /** This program's own jar and its libraries; a manifest's class path counts, too. */
    private static List<Path> classPath() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry).toAbsolutePath();
            if (!Files.isRegularFile(jar)) {
                throw usage("it runs from '" + entry + "', which is no jar: name the jars with --jar");
            }
            jars.add(jar);
            try (java.util.jar.JarFile file = new java.util.jar.JarFile(jar.toFile())) {
                var manifest = file.getManifest();
                String more =
                        manifest == null ? null : manifest.getMainAttributes().getValue("Class-Path");
                for (String name : more == null ? new String[0] : more.split(" ")) {
                    jars.add(jar.resolveSibling(name));
                }
            }
        }
        return jars.stream()
                .distinct()
                .filter(jar -> !jar.getFileName().toString().startsWith("jspecify"))
                .toList();
    }

    private static IllegalArgumentException usage(String fact) {
        return new IllegalArgumentException(
                "Expected ImageMain --out FILE [--jdk DIR] [--jar FILE]..., but " + fact + ".");
    }
}
