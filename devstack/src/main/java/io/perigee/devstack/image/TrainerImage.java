package io.perigee.devstack.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.devstack.Checkout;
import io.perigee.devstack.Expected;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Jvm;
import io.perigee.testkit.process.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trainer's job image.
 *
 * @param name as jobs say it
 * @param archive a docker-archive tar; empty when the image is in the engine alone
 * @param image the digest of its configuration
 * @param reused whether it was made before
 */
public record TrainerImage(String name, Optional<Path> archive, ContentId image, boolean reused) {
    /** Most of it is the download of torch. */
    private static final Duration LORA_TIMEOUT = Duration.ofMinutes(20);

    /**
     * The {@code strict} trainer, made from the JDK and JARs of this machine; nothing is pulled. Makes the archive, or finds
     * the one that was made of the same content.
     */
    public static TrainerImage strict(Checkout checkout, Path state) {
        Path jar = checkout.jar("trainers/strict", "perigee-trainer-strict");
        Path out = state.resolve("images").resolve("strict.tar");
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
        return made("strict", Optional.of(out), state, words, Map.of(), Patience.start());
    }

    /**
     * The {@code lora} trainer, built in this engine from packages, or found there. It is several gigabytes, so no archive
     * of it is made.
     *
     * @param engineUrl such as {@code unix:///…/docker.sock}
     */
    public static TrainerImage lora(Checkout checkout, Path state, String engineUrl) {
        var script = checkout.root().resolve("trainers/lora/build-image");
        return made(
                "lora",
                Optional.empty(),
                state,
                List.of(script.toString()),
                Map.of("DOCKER_HOST", engineUrl),
                LORA_TIMEOUT);
    }

    private static TrainerImage made(
            String name,
            Optional<Path> archive,
            Path state,
            List<String> words,
            Map<String, String> environment,
            Duration timeout) {
        Path log = state.resolve("logs").resolve("image-" + name + ".log");
        try {
            Files.createDirectories(state.resolve("images"));
            Files.createDirectories(state.resolve("logs"));
            Files.deleteIfExists(log);
            Child child = Child.start(new Child.Command("image-" + name, words, log).withEnvironment(environment));
            if (!child.awaitEnd(timeout) || child.exitStatus() != 0) {
                child.kill();
                throw new Expected(
                        "Expected to make the image of trainer '%s', but it ended with status %d:%n%s"
                                .formatted(name, child.exitStatus(), child.logTail(10)),
                        "Read " + log);
            }
            JsonNode result = Json.parse(lastLine(log).getBytes(StandardCharsets.UTF_8));
            return new TrainerImage(
                    name,
                    archive,
                    ContentId.parse(result.path("imageId").asText()),
                    result.path("reused").asBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to make a trainer's image, but " + e.getMessage(), e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("{"))
                .reduce((_, last) -> last)
                .orElse("");
    }
}
