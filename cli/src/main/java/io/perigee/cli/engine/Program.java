package io.perigee.cli.engine;

import io.perigee.cli.Refusal;
import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of another program: bounded in time and in what of its words is kept.
 *
 * @param late what to do about one that does not end in time
 */
public record Program(List<String> command, Map<String, String> environment, String late) {
    private static final int MOST_OUTPUT = 4 << 20;
    private static final int MOST_ERRORS = 1 << 16;
    private static final int MOST_WORDS = 500;
    private static final Duration ROUND = Duration.ofMillis(500);

    /** @param errors its last words on standard error */
    public record Ended(int exit, String output, String errors) {
        /** Its last line on standard error, short enough to be shown. */
        public String lastWords() {
            var words = errors.strip().lines().reduce("it said nothing", (_, last) -> last);
            return words.substring(0, Math.min(words.length(), MOST_WORDS));
        }
    }

    /** What it is given to read. */
    @FunctionalInterface
    public interface Input {
        void writeTo(OutputStream target) throws IOException;

        static Input of(String text) {
            return target -> target.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Looked at while it runs. */
    @FunctionalInterface
    public interface Limit {
        Limit NONE = () -> {};

        /** @throws Refusal when it is to be ended */
        void check();
    }

    public Ended run(String input, Duration patience) {
        return run(Input.of(input), patience, Limit.NONE);
    }

    public Ended run(Input input, Duration patience, Limit limit) {
        Process process = null;
        try {
            process = start();
            var output = Said.of(process.getInputStream(), MOST_OUTPUT);
            var errors = Said.of(process.getErrorStream(), MOST_ERRORS);
            var feed = Feed.of(input, process.getOutputStream());
            await(process, patience, limit, feed);
            return new Ended(process.exitValue(), output.text(), errors.text());
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
        }
    }

    private Process start() throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void await(Process process, Duration patience, Limit limit, Feed feed) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        boolean ended = false;
        while (!ended) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new Refusal(
                        ErrorCode.TIMED_OUT,
                        "Expected '%s' to end within %s, but it has not".formatted(command.getFirst(), patience),
                        late);
            }
            ended = process.waitFor(Math.min(left, ROUND.toNanos()), TimeUnit.NANOSECONDS);
            feed.check();
            limit.check();
        }
    }
}
