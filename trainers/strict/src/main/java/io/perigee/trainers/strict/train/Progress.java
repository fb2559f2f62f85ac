package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.train.Trainer.StepReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** One line a step: what is committed to goes into {@link #metrics}; for people, time and memory are added to it. */
public final class Progress implements AutoCloseable {
    private final OutputStream out;
    private final long started;
    private long tokens;

    private Progress(OutputStream out, long started) {
        this.out = out;
        this.started = started;
    }

    /**
     * Appends to the file, which may have been made and mounted by somebody else. The contract does not hang on it: where it
     * cannot be written, the job goes on without.
     */
    public static Progress open(Path file, long nowNanos, PrintStream log) {
        try {
            return new Progress(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), nowNanos);
        } catch (IOException e) {
            log.println("no progress is written: " + e);
            return new Progress(OutputStream.nullOutputStream(), nowNanos);
        }
    }

    /** The committed line of a step: nothing timed, nothing of the machine. */
    public static String metrics(StepReport report) {
        return JsonWriter.write(facts(report)) + "\n";
    }

    /** Writes and flushes the line for people. */
    public void report(StepReport report, long nowNanos) throws IOException {
        tokens += report.tokens();
        double seconds = Math.max(1, nowNanos - started) / 1e9;
        Map<String, Object> line = facts(report);
        line.put("seconds", JsonWriter.rounded(Math.round(seconds * 1000) / 1000.0));
        line.put("tokensPerSecond", Math.round(tokens / seconds));
        line.put("memory", residentBytes());
        out.write((JsonWriter.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static Map<String, Object> facts(StepReport report) {
        Map<String, Object> line = new HashMap<>();
        line.put("step", report.step());
        line.put("loss", JsonWriter.rounded(report.loss()));
        line.put("lr", JsonWriter.rounded(report.rate()));
        line.put("gradNorm", JsonWriter.rounded(report.gradientNorm()));
        line.put("tokens", report.tokens());
        return line;
    }

    /** What the process holds in memory now; 0 where the system does not say. */
    static long residentBytes() {
        try {
            String[] pages =
                    Files.readString(Path.of("/proc/self/statm")).trim().split(" ");
            return pages.length > 1 ? Long.parseLong(pages[1]) * 4096 : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
