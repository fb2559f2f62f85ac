package io.perigee.agent.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Decimal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code progress.jsonl}: the latest whole line since the last look, if it is one. What it says is for people
 * and is never trusted, so a line that cannot be read is passed over.
 */
final class ProgressReader {
    /** One look reads at most so much; older lines of a chatty job are skipped. */
    private static final int WINDOW = 64 * 1024;

    private static final MathContext SHOWN = new MathContext(6);

    private final Path directory;
    private final Path file;
    private long offset;

    ProgressReader(Path file) {
        this.directory = Objects.requireNonNull(file.getParent(), "a progress file's directory");
        this.file = file;
    }

    /** What a job says of one step. */
    record Report(
            int step,
            @Nullable Decimal loss,
            @Nullable Decimal lr,
            @Nullable Decimal gradNorm,
            @Nullable Decimal tokensPerSecond) {}

    Optional<Report> latest() {
        try (var channel = JobWritten.read(directory, file.getFileName().toString())) {
            long size = channel.size();
            if (size <= offset) {
                return Optional.empty();
            }
            long from = Math.max(offset, size - WINDOW);
            var buffer = ByteBuffer.allocate((int) (size - from));
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            return lastLine(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8), from);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Report> lastLine(String text, long from) {
        int end = text.lastIndexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        offset = from + text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8).length;
        int start = text.lastIndexOf('\n', end - 1) + 1;
        return parse(text.substring(start, end));
    }

    private static Optional<Report> parse(String line) {
        try {
            var json = Json.read(line, JsonNode.class);
            if (!json.path("step").canConvertToInt() || json.path("step").intValue() < 0) {
                return Optional.empty();
            }
            return Optional.of(new Report(
                    json.path("step").intValue(),
                    decimal(json.path("loss")),
                    decimal(json.path("lr")),
                    decimal(json.path("gradNorm")),
                    decimal(json.path("tokensPerSecond"))));
        } catch (InvalidValue e) {
            return Optional.empty();
        }
    }

    private static @Nullable Decimal decimal(JsonNode node) {
        try {
            return node.isNumber() || node.isTextual() ? Decimal.of(new BigDecimal(node.asText()).round(SHOWN)) : null;
        } catch (NumberFormatException | InvalidValue e) {
            return null;
        }
    }
}
