package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Decimal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgressReaderTest {
    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("progress.jsonl"), content);
    }

    @Test
    void shouldReportTheLatestWholeLineOnce() throws IOException {
        // given
        var file = file("{\"step\":1}\n{\"step\":2,\"loss\":2.123456789,\"lr\":2e-4}\n{\"step\":3,\"lo");
        var reader = new ProgressReader(file);

        // when
        var report = reader.latest().orElseThrow();

        // then
        assertThat(report.step()).isEqualTo(2);
        assertThat(report.loss()).isEqualTo(Decimal.parse("2.12346"));
        assertThat(report.lr()).isEqualTo(Decimal.parse("0.0002"));
        assertThat(report.gradNorm()).isNull();
        assertThat(reader.latest()).isEmpty();
    }

    @Test
    void shouldGoOnWhenTheLineIsComplete() throws IOException {
        // given
        var file = file("{\"step\":1}\n{\"step\":2");
        var reader = new ProgressReader(file);
        reader.latest();
        Files.writeString(file, ",\"loss\":1}\n", StandardOpenOption.APPEND);

        // when
        var report = reader.latest().orElseThrow();

        // then
        assertThat(report.step()).isEqualTo(2);
    }

    @Test
    void shouldPassOverWhatIsNoReport() throws IOException {
        for (var line : new String[] {
            "nonsense",
            "{}",
            "[]",
            "null",
            "{\"step\":-1}",
            "{\"step\":\"x\"}",
            "{\"step\":1e99}",
            "{\"step\":1,\"step\":2}",
            ""
        }) {
            assertThat(new ProgressReader(file(line + "\n")).latest()).as(line).isEmpty();
        }
    }

    @Test
    void shouldReadOnlyTheEndOfALongFile() throws IOException {
        // given
        var file = file("{\"step\":1}\n".repeat(100_000) + "{\"step\":5,\"loss\":1e-30}\n");
        var reader = new ProgressReader(file);

        // when
        var report = reader.latest().orElseThrow();

        // then
        assertThat(report.step()).isEqualTo(5);
    }

    @Test
    void shouldNotFollowALink() throws IOException {
        // given
        var target = Files.writeString(directory.resolve("secret"), "{\"step\":1}\n");
        var link = Files.createSymbolicLink(directory.resolve("progress.jsonl"), target);

        // when
        var report = new ProgressReader(link).latest();

        // then
        assertThat(report).isEmpty();
    }
}
