package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.JobReader;
import io.perigee.trainers.strict.support.JobDirectory;
import io.perigee.trainers.strict.train.Outputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    @TempDir
    Path first;

    @TempDir
    Path second;

    private JobDirectory whole;

    @BeforeEach
    void runWhole() throws IOException {
        whole = JobDirectory.tiny(first).train("steps", 7);
        whole.run();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldEndWithTheSameBitsAfterResumingAtBorder(int border) throws Exception {
        // given
        JobDirectory rest = JobDirectory.tiny(second).train("steps", 7).resume(whole.checkpoint(border));

        // when
        rest.run("PERIGEE_FROM", Integer.toString(border));

        // then
        SortedMap<String, String> expected = whole.committed();
        assertThat(rest.committed())
                .isNotEmpty()
                .allSatisfy((path, digest) -> assertThat(digest).as(path).isEqualTo(expected.get(path)));
        assertThat(rest.committed()).containsKey("outputs/adapter_model.safetensors");
        assertThat(rest.committed().keySet().stream().filter(path -> path.endsWith("DONE")))
                .hasSize(border == 0 ? 5 : 4 - border);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldRunOneSegmentAsAnAuditorDoes(int border) throws Exception {
        // given
        JobDirectory audit = JobDirectory.tiny(second).train("steps", 7).resume(whole.checkpoint(border));

        // when
        audit.run("PERIGEE_FROM", Integer.toString(border), "PERIGEE_TO", Integer.toString(border + 1));

        // then
        for (String file : List.of("adapter.safetensors", "optimizer.safetensors", "state.json", "metrics.jsonl")) {
            assertThat(Files.readAllBytes(audit.checkpoint(border + 1).resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(whole.checkpoint(border + 1).resolve(file)));
        }
        assertThat(Files.exists(second.resolve("outputs/adapter_model.safetensors")))
                .isEqualTo(border == 3);
    }

    @Test
    void shouldComputeTheAgreedStartAlone() throws Exception {
        // given
        JobDirectory start = JobDirectory.tiny(second).train("steps", 7);

        // when
        start.run("PERIGEE_FROM", "0", "PERIGEE_TO", "0");

        // then
        SortedMap<String, String> expected = whole.committed();
        assertThat(start.committed()).hasSize(5).allSatisfy((path, digest) -> assertThat(digest)
                .isEqualTo(expected.get(path)));
    }

    @Test
    void shouldDeriveTheOutputsFromTheLastCheckpoint() throws Exception {
        // given
        Path outputs = second.resolve("derived");

        // when
        Outputs.derive(JobReader.read(first.resolve("job.json")), whole.checkpoint(4), outputs);

        // then
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertThat(Files.readAllBytes(outputs.resolve(name)))
                    .isEqualTo(Files.readAllBytes(first.resolve("outputs").resolve(name)));
        }
    }

    @Test
    void shouldReplaceWhatAnInterruptedRunLeft() throws Exception {
        // given
        JobDirectory again = JobDirectory.tiny(second).train("steps", 7);
        Files.createDirectories(again.checkpoint(1));
        Files.writeString(again.checkpoint(1).resolve("adapter.safetensors"), "half");
        Files.createDirectories(second.resolve("checkpoints/.2.draft"));
        Files.writeString(second.resolve("checkpoints/.2.draft/state.json"), "half");

        // when
        again.run();

        // then
        assertThat(again.committed()).isEqualTo(whole.committed());
    }

    @Test
    void shouldRefuseTheCheckpointOfAnotherBorder() throws Exception {
        // given
        JobDirectory rest = JobDirectory.tiny(second).train("steps", 7).resume(whole.checkpoint(1));

        // when
        var run = assertThatThrownBy(() -> rest.run("PERIGEE_FROM", "2"));

        // then
        run.isInstanceOf(JobFailure.class)
                .hasMessage("Expected the checkpoint of border 2 (step 4), but its state is of step 2.");
    }
}
