package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.cli.Refusal;
import io.perigee.cli.convert.ForeignOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFilesTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadTheJobFilesOfADirectoryInTheOrderOfTheirNames() throws IOException {
        // given
        for (var name : new String[] {"b.yaml", "a.yml", "c.json", "notes.txt"}) {
            Files.writeString(directory.resolve(name), "name: x");
        }
        Files.createDirectory(directory.resolve("d.yaml"));

        // when
        var jobs = BatchFiles.read(directory, new ForeignOptions());

        // then
        assertThat(jobs.stream().map(BatchFiles.NamedJob::name)).containsExactly("a.yml", "b.yaml", "c.json");
    }

    @Test
    void shouldReadAJobALine() throws IOException {
        // given
        var file = Files.writeString(directory.resolve("jobs.jsonl"), "{\"name\": \"a\"}\n\n{\"name\": \"b\"}\n");

        // when
        var jobs = BatchFiles.read(file, new ForeignOptions());

        // then
        assertThat(jobs.stream().map(BatchFiles.NamedJob::name)).containsExactly("line 1", "line 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|there are none",
                "{\"name\": \"a\"};{\"name\": |line 2 is no job",
                "[1]|line 1 is no mapping",
                "{\"a\": 1, \"a\": 2}|line 1 is no job",
            })
    void shouldNameTheLineThatIsNoJob(String text, String fact) throws IOException {
        var file = Files.writeString(directory.resolve("jobs.jsonl"), text.replace(';', '\n'));
        assertThatThrownBy(() -> BatchFiles.read(file, new ForeignOptions()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("jobs.jsonl")
                .hasMessageContaining(fact);
    }

    @Test
    void shouldSayThatNothingIsThere() {
        assertThatThrownBy(() -> BatchFiles.read(directory.resolve("none"), new ForeignOptions()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("does not exist");
    }
}
