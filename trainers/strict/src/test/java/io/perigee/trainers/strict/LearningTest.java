package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.support.JobDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningTest {
    @TempDir
    Path root;

    @Test
    void shouldLearnTheDevilsDictionary() throws Exception {
        // given
        JobDirectory job = JobDirectory.quickstart(root)
                .train("steps", 48)
                .train("lr", "0.01")
                .put("segments", "stepsPerSegment", 48);

        // when
        job.run("PERIGEE_THREADS", "2");

        // then
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(job.checkpoint(1).resolve("metrics.jsonl"))) {
            JsonFields fields = new JsonFields(
                            "", JsonReader.parse(line.getBytes(StandardCharsets.UTF_8)), IllegalStateException::new)
                    .only(java.util.Set.of("step", "loss", "lr", "gradNorm", "tokens"));
            losses.add(fields.decimal("loss", 0, 100));
        }
        assertThat(losses).hasSize(48);
        double before = losses.subList(0, 12).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        double after = losses.subList(36, 48).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        assertThat(after).isLessThan(before - 0.1);
    }
}
