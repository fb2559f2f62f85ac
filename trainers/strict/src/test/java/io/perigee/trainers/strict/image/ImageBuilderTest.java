package io.perigee.trainers.strict.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.support.JobDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
    @TempDir
    Path directory;

    @Test
    void shouldMakeARunnableImageWithTheSameBytesAndTrustNoDamagedOne() throws Exception {
        // given
        List<Path> jars = List.of(jar(), library("jackson-core"));
        Path jdk = Path.of(System.getProperty("java.home"));

        // when
        ImageResult first = ImageBuilder.build(new ImageRequest(jars, jdk, directory.resolve("a.tar")));
        ImageResult again = ImageBuilder.build(new ImageRequest(jars, jdk, directory.resolve("a.tar")));
        damage(directory.resolve("a.tar"));
        ImageResult repaired = ImageBuilder.build(new ImageRequest(jars, jdk, directory.resolve("a.tar")));

        // then
        assertThat(first.reused()).isFalse();
        assertThat(again).isEqualTo(new ImageResult(first.imageId(), first.sha256(), first.size(), true));
        assertThat(repaired).isEqualTo(first);
        Path opened = untar(directory.resolve("a.tar"), "archive");
        byte[] config = Files.readAllBytes(opened.resolve(first.imageId().substring(7) + ".json"));
        assertThat("sha256:" + JobDirectory.digest(config)).isEqualTo(first.imageId());
        JsonFields image = new JsonFields("", JsonReader.parse(config), IllegalStateException::new);
        assertThat(image.object("config").text("User")).isEqualTo("65534:65534");
        String layer = ((JsonArray) image.object("rootfs").value("diff_ids"))
                .elements()
                .getFirst()
                .kind()
                .replaceAll(".*sha256:(\\w+).*", "$1");
        Path layerFile;
        try (Stream<Path> found = Files.walk(opened)) {
            layerFile =
                    found.filter(path -> path.endsWith("layer.tar")).findFirst().orElseThrow();
        }
        assertThat(Digests.of(layerFile)).startsWith(layer.replace("…\"", ""));
        Path root = untar(layerFile, "root");
        for (String mount : List.of(
                "job.json", "inputs/base", "inputs/dataset", "resume", "checkpoints", "outputs", "progress.jsonl")) {
            assertThat(root.resolve("perigee").resolve(mount)).exists();
        }
        shouldTrain(root, image.object("config").texts("Entrypoint"));
    }

    private static void damage(Path archive) throws IOException {
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(archive, bytes);
    }

    /** The image's own runtime and jars, with its own command; only the root directory differs. */
    private void shouldTrain(Path root, List<String> entrypoint) throws Exception {
        JobDirectory job = JobDirectory.tiny(directory.resolve("job")).writeSpec();
        List<String> command = entrypoint.stream()
                .map(word -> word.startsWith("/opt")
                        ? Stream.of(word.split(":"))
                                .map(path -> root + path)
                                .reduce((a, b) -> a + ":" + b)
                                .orElseThrow()
                        : word)
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("image.log").toFile());
        builder.environment().put("PERIGEE_ROOT", job.root().toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("image.log")))
                .isZero();
        JobDirectory here = JobDirectory.tiny(directory.resolve("here"));
        here.run();
        assertThat(job.committed()).isEqualTo(here.committed());
    }

    private Path untar(Path archive, String name) throws Exception {
        Path target = Files.createDirectories(directory.resolve(name));
        Process tar = new ProcessBuilder("tar", "-xf", archive.toString(), "-C", target.toString(), "--no-same-owner")
                .inheritIO()
                .start();
        assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
        return target;
    }

    private Path jar() throws IOException {
        Path classes = Path.of("target/classes");
        Path jar = directory.resolve("trainer.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                JarEntry entry = new JarEntry(classes.relativize(file).toString());
                entry.setTime(0);
                archive.putNextEntry(entry);
                Files.copy(file, archive);
            }
        }
        return jar;
    }

    private static Path library(String name) {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow();
    }
}
