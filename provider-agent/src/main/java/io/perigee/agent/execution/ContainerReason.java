package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a container says it failed: {@code outputs/error.json} if it left one, else its last words. */
final class ContainerReason {
    private static final String ERROR_FILE = "error.json";
    private static final int LARGEST_ERROR_FILE = 16 * 1024;
    private static final String BAD_CHECKPOINT = "BAD_CHECKPOINT";
    private static final int LINES = 20;
    static final int LONGEST = 600;

    private ContainerReason() {}

    static Optional<String> read(ContainerRuntime runtime, String container, Path outputs) {
        return errorFile(outputs)
                .or(() -> last(runtime.lastLines(container, LINES, true)))
                .or(() -> last(runtime.lastLines(container, LINES, false)))
                .map(text -> Text.bounded(text, LONGEST))
                .filter(text -> !text.isEmpty());
    }

    /** Whether it says, in the code that the container contract has for it, that it cannot begin from its checkpoint. */
    static boolean blamesCheckpoint(Path outputs) {
        try {
            return JobWritten.head(outputs, ERROR_FILE, LARGEST_ERROR_FILE)
                    .map(Json::parse)
                    .filter(json -> json.path("code").asText("").equals(BAD_CHECKPOINT))
                    .isPresent();
        } catch (IOException | InvalidValue e) {
            return false;
        }
    }

    private static Optional<String> last(List<String> lines) {
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
    }

    private static Optional<String> errorFile(Path outputs) {
        try {
            return JobWritten.head(outputs, ERROR_FILE, LARGEST_ERROR_FILE).map(ContainerReason::words);
        } catch (IOException e) {
            // A link or a special file is no reason.
            return Optional.empty();
        }
    }

    private static String words(byte[] file) {
        try {
            var json = Json.parse(file);
            var words = Stream.of("code", "message", "detail", "hint")
                    .map(name -> json.path(name).asText(""))
                    .filter(text -> !text.isBlank())
                    .collect(Collectors.joining(": "));
            return words.isEmpty() ? json.toString() : words;
        } catch (InvalidValue e) {
            return new String(file, StandardCharsets.UTF_8);
        }
    }
}
