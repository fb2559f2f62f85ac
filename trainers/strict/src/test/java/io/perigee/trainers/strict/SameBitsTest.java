package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.support.Child;
import io.perigee.trainers.strict.support.JobDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameBitsTest {
    /** All that a run of sixteen steps on the shipped base commits to. Changes only with the trainer's definition, never with a machine. */
    private static final String KNOWN_ANSWER = "e50561de124cb59f5f283120dfb9eace18be29c55b29ba93f6b89fcfb0190344";

    @TempDir
    static Path shared;

    @TempDir
    Path root;

    private static SortedMap<String, String> reference = new java.util.TreeMap<>();

    @BeforeAll
    static void runReference() throws IOException {
        JobDirectory job = JobDirectory.tiny(shared);
        job.run();
        reference = job.committed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:UseAVX=0",
                "-XX:UseAVX=1",
                "-XX:UseAVX=2",
                "-XX:UseAVX=3",
                "-XX:UseSSE=2 -XX:UseAVX=0",
                "-XX:TieredStopAtLevel=1",
                "-XX:-TieredCompilation -Xcomp",
                "-Xint",
                "-Dperigee.kernels=scalar",
                "-Dperigee.lanes=4",
                "-Dperigee.lanes=8",
                "-Dperigee.lanes=16",
                "-XX:-UseSuperWord",
                "-Xint -Dperigee.kernels=vector",
                "-XX:+UseG1GC"
            })
    void shouldCommitToTheSameBitsUnder(String flags) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);
        List<String> options = List.of((flags.contains("UseG1GC") ? "-XX:-UseSerialGC " + flags : flags).split(" "));

        // when
        Child child = Child.start(job, options, Map.of());

        // then
        assertThat(child.exitCode()).as(child.output()).isZero();
        assertThat(job.committed()).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "7"})
    void shouldCommitToTheSameBitsWithThreads(String threads) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        job.run("PERIGEE_THREADS", threads);

        // then
        assertThat(job.committed()).isEqualTo(reference);
    }

    /** Long enough for the optimising compiler to have replaced every kernel. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=3", "-XX:UseAVX=2", "-XX:UseAVX=0", "-Dperigee.kernels=scalar"})
    void shouldGiveTheKnownAnswerOnTheShippedBaseUnder(String flag) throws Exception {
        // given
        JobDirectory job = JobDirectory.quickstart(root).train("steps", 16);

        // when
        Child child = Child.start(job, List.of(flag), Map.of());

        // then
        assertThat(child.exitCode()).as(child.output()).isZero();
        assertThat(JobDirectory.digest(
                        JsonWriter.write(job.committed()).getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(KNOWN_ANSWER);
    }

    @Test
    void shouldDependOnTheSeed() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root).train("seed", 8);

        // when
        job.run();

        // then
        assertThat(job.committed().get("checkpoints/0/adapter.safetensors"))
                .isNotEqualTo(reference.get("checkpoints/0/adapter.safetensors"));
    }
}
