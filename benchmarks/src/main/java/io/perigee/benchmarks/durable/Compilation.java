package io.perigee.benchmarks.durable;

import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Processor time of a JVM's compilers: a cost of a run and not of a job, the larger a part the shorter the run is. */
final class Compilation {
    /** So that a compiler's thread, and what it has used, stays. */
    static final String KEEP_THREADS = "-XX:-UseDynamicNumberOfCompilerThreads";

    /** Of a hundredth of a second. */
    private static final long TICK_NANOS = 10_000_000;

    private Compilation() {}

    static long nanos(Child child) {
        try (var tasks = Files.list(Path.of("/proc", Long.toString(child.pid()), "task"))) {
            return tasks.mapToLong(Compilation::ticks).sum() * TICK_NANOS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ticks(Path task) {
        try {
            var text = Files.readString(task.resolve("stat"));
            var name = text.substring(text.indexOf('(') + 1, text.lastIndexOf(')'));
            var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return name.matches("C[12] Compiler.*") ? Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : 0;
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
