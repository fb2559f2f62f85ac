package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.support.Child;
import io.perigee.trainers.strict.support.JobDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTest {
    @TempDir
    Path root;

    @Test
    void shouldYieldAtOnceAndLeaveOnlyWholeCheckpoints() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).train("steps", 1_000_000).train("warmupSteps", 0);
        Child child = Child.start(job, List.of(), Map.of());
        await(job.checkpoint(2).resolve("DONE"));

        // when
        long asked = System.nanoTime();
        child.process().destroy();
        int exit = child.exitCode();

        // then
        assertThat(exit).as(child.output()).isEqualTo(75);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
        try (Stream<Path> borders = Files.list(root.resolve("checkpoints"))) {
            assertThat(borders.filter(border -> !border.getFileName().toString().startsWith(".")))
                    .allSatisfy(border -> assertThat(border.resolve("DONE")).exists());
        }
        assertThat(root.resolve("outputs")).isEmptyDirectory();
    }

    @Test
    void shouldDropASegmentThatWouldTakeTooLong() throws Exception {
        // given
        JobDirectory job =
                JobDirectory.quickstart(root).train("steps", 1_000_000).put("segments", "stepsPerSegment", 1_000_000);
        Child child = Child.start(job, List.of(), Map.of());
        await(root.resolve("progress.jsonl"));

        // when
        child.process().destroy();

        // then
        assertThat(child.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitCode()).isEqualTo(75);
        assertThat(job.checkpoint(1)).doesNotExist();
    }

    private static void await(Path file) throws Exception {
        for (int i = 0; i < 3000; i++) {
            if (Files.exists(file) && (file.endsWith("DONE") || Files.size(file) > 0)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IllegalStateException("Expected '" + file + "' to appear within 30 s, but it did not.");
    }
}
