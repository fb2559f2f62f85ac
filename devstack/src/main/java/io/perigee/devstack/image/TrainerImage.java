package io.perigee.devstack.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Expected;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The {@code strict} trainer as an image archive, made from the JDK and JARs of this machine; nothing is pulled.
 *
 * @param archive a docker-archive tar
 * @param image the digest of its configuration
 * @param reused whether it was made before
 */
public record TrainerImage(Path archive, ContentId image, boolean reused) {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** Makes the archive, or finds the one that was made of the same content. */
    public static TrainerImage strict(Checkout checkout, Path state) {
        Path jar = checkout.jar("trainers/strict", "perigee-trainer-strict");
        Path out = state.resolve("images").resolve("strict.tar");
        Path log = state.resolve("logs").resolve("image.log");
        try {
            Files.createDirectories(out.getParent());
            Files.deleteIfExists(log);
            var words = List.of(
                    Jvm.program(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx256m",
                    "-cp",
                    jar.toString(),
                    "io.perigee.trainers.strict.image.ImageMain",
                    "--out",
                    out.toString());
            Child child = Child.start(new Child.Command("image", words, log));
            if (!child.awaitEnd(TIMEOUT) || child.exitStatus() != 0) {
                child.kill();
                throw new Expected(
                        "Expected to make the trainer's image, but it ended with status "
                                + child.exitStatus()
                                + ":\n"
                                + child.logTail(10),
                        "Read " + log);
            }
            JsonNode result = Json.parse(lastLine(log).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return new TrainerImage(
                    out,
                    ContentId.parse(result.path("imageId").asText()),
                    result.path("reused").asBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to make the trainer's image, but " + e.getMessage(), e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("{"))
                .reduce((_, last) -> last)
                .orElse("");
    }
}
