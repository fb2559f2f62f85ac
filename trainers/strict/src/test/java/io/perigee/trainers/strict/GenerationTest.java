package io.perigee.trainers.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perigee.trainers.strict.failure.Exit;
import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.support.JobDirectory;
import io.perigee.trainers.strict.train.Generation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationTest {
    @TempDir
    Path root;

    @Test
    void shouldSayWhatTheAdapterHasLearnt() throws Exception {
        // given
        JobDirectory job = memorised("{\"prompt\":\"Which way? \",\"completion\":\"That way, Zoë.\"}");

        // when
        JsonFields answers = answers(Generation.answer(new Workplace(job.root()), "Which way? ", 40, false));

        // then
        assertThat(answers.text("adapted")).isEqualTo("That way, Zoë.");
        assertThat(answers.text("base")).isNotEqualTo("That way, Zoë.").isNotEmpty();
    }

    @Test
    void shouldWriteConversationsAsTrainingDoes() throws Exception {
        // given
        JobDirectory job = memorised(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Good day\"}]}");

        // when
        JsonFields answers = answers(Generation.answer(new Workplace(job.root()), "Hi", 40, true));

        // then
        assertThat(answers.text("adapted")).isEqualTo("Good day\n");
    }

    @Test
    void shouldAnswerFromTheBaseAloneWithoutAnAdapter() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        JsonFields answers = answers(Generation.answer(new Workplace(job.root()), "a", 5, false));

        // then
        assertThat(answers.has("base")).isTrue();
        assertThat(answers.has("adapted")).isFalse();
    }

    @Test
    void shouldStopAtTheEndOfTheContext() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        String answer = Generation.answer(new Workplace(job.root()), "a".repeat(60), 4000, false);

        // then: bos, 60 letters and three more fill 64 positions
        assertThat(answers(answer).text("base").length()).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldRefusePromptsThatDoNotFit() throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root);

        // when
        JobFailure failure = catchThrowableOfType(
                JobFailure.class, () -> Generation.answer(new Workplace(job.root()), "a".repeat(64), 5, false));

        // then
        assertThat(failure.exit()).isEqualTo(Exit.BAD_SPEC);
        assertThat(failure.getMessage()).contains("1 to 63 tokens, but it has 65");
    }

    @Test
    void shouldRefuseAdaptersItDoesNotSpeak() throws Exception {
        // given
        JobDirectory job = memorised("{\"text\":\"abc\"}");
        Path config = root.resolve("inputs/adapter/adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"LORA\"", "\"IA3\""));

        // when
        JobFailure failure = catchThrowableOfType(
                JobFailure.class, () -> Generation.answer(new Workplace(job.root()), "a", 5, false));

        // then
        assertThat(failure.exit()).isEqualTo(Exit.BAD_DATA);
        assertThat(failure.code()).isEqualTo("BAD_ADAPTER");
    }

    /** A job that saw one row often enough to know it by heart, its outputs mounted as the adapter. */
    private JobDirectory memorised(String row) throws IOException {
        JobDirectory job = JobDirectory.tiny(root)
                .dataset(row)
                .method("dropout", "0")
                .method("r", 16)
                .method("alpha", 32)
                .train("microBatch", 1)
                .train("steps", 120)
                .train("lr", "0.02")
                .train("seqLen", 64)
                .train("warmupSteps", 5)
                .put("segments", "stepsPerSegment", 120);
        job.run();
        Files.createDirectories(root.resolve("inputs"));
        Files.move(root.resolve("outputs"), root.resolve("inputs/adapter"));
        return job;
    }

    private static JsonFields answers(String line) throws JsonReader.Malformed {
        return new JsonFields("", JsonReader.parse(line.getBytes(StandardCharsets.UTF_8)), IllegalStateException::new);
    }
}
