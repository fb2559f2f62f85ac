package io.perigee.cli.engine;

import io.perigee.cli.Refusal;
import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of another program: bounded in time and in what it may say.
 *
 * @param late what to do about one that does not end in time
 */
public record Program(List<String> command, Map<String, String> environment, String late) {
    private static final long MOST_OUTPUT = 4L << 20;
    private static final int MOST_WORDS = 500;

    /** @param errors its last words on standard error */
    public record Ended(int exit, String output, String errors) {
        /** Its last line on standard error, short enough to be shown. */
        public String lastWords() {
            var words = errors.strip().lines().reduce("it said nothing", (_, last) -> last);
            return words.substring(0, Math.min(words.length(), MOST_WORDS));
        }
    }

    public Ended run(String input, Duration patience) {
        Path directory = null;
        Process process = null;
        try {
            directory = Files.createTempDirectory("perigee-run");
            var out = directory.resolve("out");
            var err = directory.resolve("err");
            var in = Files.writeString(directory.resolve("in"), input);
            var builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refusal(
                        ErrorCode.TIMED_OUT,
                        "Expected '%s' to end within %s, but it has not".formatted(command.getFirst(), patience),
                        late);
            }
            return new Ended(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected to run '%s', but %s".formatted(command.getFirst(), e.getMessage()),
                    "Is it installed?");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refusal(
                    ErrorCode.TIMED_OUT,
                    "Expected '%s' to end, but waiting was interrupted".formatted(command.getFirst()),
                    "Run the same command again");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            remove(directory);
        }
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes((int) MOST_OUTPUT), StandardCharsets.UTF_8);
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable Path directory) {
        if (directory == null) {
            return;
        }
        for (var name : List.of("in", "out", "err")) {
            directory.resolve(name).toFile().delete();
        }
        directory.toFile().delete();
    }
}
