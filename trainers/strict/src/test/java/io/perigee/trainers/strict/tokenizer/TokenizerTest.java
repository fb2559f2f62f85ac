package io.perigee.trainers.strict.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonValue;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.json.JsonValue.JsonNumber;
import io.perigee.trainers.strict.support.JobDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Against ids that Hugging Face's tokenizers gave; {@code make_tokenizer_vectors.py} writes them. */
class TokenizerTest {
    private final ByteLevelBpe tokenizer;
    private final JsonFields vectors;

    TokenizerTest() throws Exception {
        tokenizer = TokenizerReader.read(JobDirectory.QUICKSTART.resolve("base"), 1024);
        vectors = new JsonFields(
                "",
                JsonReader.read(Path.of("src/test/resources/tokenizer-vectors.json"), 1 << 20),
                IllegalStateException::new);
    }

    @Test
    void shouldAgreeOnAwkwardText() {
        // given
        List<JsonValue> cases = ((JsonArray) vectors.value("vectors")).elements();

        for (JsonValue value : cases) {
            JsonFields vector = new JsonFields("vector", value, IllegalStateException::new);
            int[] expected = ((JsonArray) vector.value("ids"))
                    .elements().stream()
                            .mapToInt(id -> ((JsonNumber) id).value().intValueExact())
                            .toArray();

            // when
            int[] ids = tokenizer.encode(vector.text("text"));

            // then
            assertThat(ids).as(vector.text("text")).containsExactly(expected);
        }
        assertThat(cases).hasSizeGreaterThan(40);
    }

    @Test
    void shouldAgreeOnTheWholeDataset() throws Exception {
        // given
        StringBuilder ids = new StringBuilder();
        int texts = 0;

        // when
        for (String line : Files.readAllLines(JobDirectory.QUICKSTART.resolve("dataset/data.jsonl"))) {
            JsonFields row = new JsonFields(
                    "row", JsonReader.parse(line.getBytes(StandardCharsets.UTF_8)), IllegalStateException::new);
            for (String text : List.of(row.text("prompt"), row.text("completion"))) {
                ids.append(Arrays.stream(tokenizer.encode(text))
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(" ")))
                        .append('\n');
                texts++;
            }
        }

        // then
        assertThat(texts).isEqualTo(vectors.integer("datasetTexts", 1, 1_000_000));
        assertThat(JobDirectory.digest(ids.toString().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(vectors.text("datasetIdsSha256"));
    }

    @Test
    void shouldNotSlowDownOnOneEndlessWord() {
        // given
        String hostile = "theand".repeat(100_000);

        // when
        int[] ids = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(hostile));

        // then
        assertThat(ids.length).isBetween(1, hostile.length());
    }
}
