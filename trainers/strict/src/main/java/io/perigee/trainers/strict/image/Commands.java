package io.perigee.trainers.strict.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a tool of the host, with a limit on its time. */
final class Commands {
    private static final long LIMIT_SECONDS = 300;

    private Commands() {}

    /** The output, both streams together; a failure carries its end. */
    static String run(List<String> command) throws IOException {
        Path output = Files.createTempFile("perigee-image", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IOException("Expected '" + command.getFirst() + "' to succeed, but it "
                        + (ended ? "exited " + process.exitValue() : "took too long") + ": "
                        + text.substring(Math.max(0, text.length() - 500)).strip());
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while '" + command.getFirst() + "' ran", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
