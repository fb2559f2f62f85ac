package io.perigee.agent.testing;

import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.image.JobImage;
import io.perigee.trainers.strict.image.ImageBuilder;
import io.perigee.trainers.strict.image.ImageRequest;
import io.perigee.trainers.strict.image.ImageResult;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The image of the strict trainer, made of what this test runs with. */
public final class StrictImage {
    private StrictImage() {}

    /** @param directory for the archive and what it is made of */
    public static JobImage in(Path directory) throws IOException {
        var out = directory.resolve("strict.tar");
        ImageResult made = ImageBuilder.build(new ImageRequest(
                List.of(trainer(directory), library("jackson-core")),
                Path.of(System.getProperty("java.home")).toRealPath(),
                out));
        return new JobImage(Files.readAllBytes(out), ContentId.parse(made.imageId()));
    }

    private static Path trainer(Path directory) throws IOException {
        Path place;
        try {
            place = Path.of(ImageBuilder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isRegularFile(place)) {
            return place;
        }
        var jar = directory.resolve("trainer.jar");
        try (var files = Files.walk(place);
                var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var entry = new JarEntry(place.relativize(file).toString());
                entry.setTime(0);
                out.putNextEntry(entry);
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Path library(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(name + "-"))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("Expected " + name + " among the libraries, but it is not"));
    }
}
