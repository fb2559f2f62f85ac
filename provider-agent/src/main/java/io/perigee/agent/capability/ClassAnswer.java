package io.perigee.agent.capability;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.ImageClass;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads what an image's {@code class} command prints as its last line of JSON. Pure.
 *
 * <p>{@code {"version": 1, "classes": [{"kernels", "gpu", "flopsPerSecond", "madeOf": {name: text}}]}}: one entry for each
 * way in which the image can compute here, and everything that decides its bits in {@code madeOf}.
 */
public final class ClassAnswer {
    private static final int MOST_CLASSES = 8;
    private static final int MOST_PARTS = 32;
    private static final int LONGEST_TEXT = 200;
    private static final String KERNELS = "[a-z0-9._-]{1,32}";

    private ClassAnswer() {}

    /**
     * The classes the image named.
     *
     * @param lines the container's output, oldest first
     * @throws InvalidValue when it is no such answer
     */
    public static List<ImageClass> read(ContentId image, List<String> lines) {
        var line = lines.reversed().stream()
                .filter(text -> text.startsWith("{"))
                .findFirst()
                .orElseThrow(
                        () -> new InvalidValue("Expected image '%s' to print its classes as JSON, but it printed %s"
                                .formatted(image, lines.isEmpty() ? "nothing" : "'" + lines.getLast() + "'")));
        var answer = Json.parse(line.getBytes(StandardCharsets.UTF_8));
        var entries = answer.path("classes");
        if (answer.path("version").asInt() != 1 || !entries.isArray() || entries.size() > MOST_CLASSES) {
            throw new InvalidValue(
                    "Expected image '%s' to print version 1 and a list of at most %d classes, but it printed '%s'"
                            .formatted(image, MOST_CLASSES, line));
        }
        var classes = new ArrayList<ImageClass>();
        for (var entry : entries) {
            classes.add(one(image, entry));
        }
        return classes;
    }

    private static ImageClass one(ContentId image, JsonNode entry) {
        var kernels = entry.path("kernels").asText("");
        var madeOf = entry.path("madeOf");
        if (!kernels.matches(KERNELS) || !madeOf.isObject() || madeOf.isEmpty() || madeOf.size() > MOST_PARTS) {
            throw new InvalidValue(
                    "Expected a class of image '%s' to name its kernels and 1 to %d things it is made of, but it is %s"
                            .formatted(image, MOST_PARTS, entry));
        }
        var parts = new TreeMap<String, String>();
        for (var part : madeOf.properties()) {
            var text = part.getValue().asText();
            if (text.length() > LONGEST_TEXT
                    || part.getKey().length() > LONGEST_TEXT
                    || part.getKey().contains("\n")
                    || text.contains("\n")) {
                throw new InvalidValue(
                        "Expected one line of at most %d characters in '%s' of a class of image '%s', but it is longer"
                                .formatted(LONGEST_TEXT, part.getKey(), image));
            }
            parts.put(part.getKey(), text);
        }
        var flops = Math.max(0, entry.path("flopsPerSecond").asLong());
        return new ImageClass(
                image, digest(image, kernels, parts), kernels, entry.path("gpu").asBoolean(), flops);
    }

    /** Everything that decides the bits, and nothing else: two machines that say the same are in one class. */
    private static Digest digest(ContentId image, String kernels, TreeMap<String, String> parts) {
        var text = new StringBuilder("perigee.class.image.v1\n")
                .append(image.value())
                .append('\n')
                .append(kernels);
        parts.forEach(
                (name, value) -> text.append('\n').append(name).append('=').append(value));
        return Keccak256.hash(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
