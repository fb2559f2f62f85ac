package io.perigee.trainers.strict.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.support.Child;
import io.perigee.trainers.strict.support.JobDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained on first must not be up to a file system, whatever the files are called. */
class FileOrderTest {
    /** In UTF-8, and in bytes that are no text at all; in no order. */
    private static final List<String> NAMES = List.of(
            "%E6%97%A5", "%FF", "%C3%B6", "%C3%A4", "a", "%E9", "%F0%9F%8C%B1", "%EF%BF%BD", "b%FE", "%C3%A9", "b%FD");

    @TempDir
    Path root;

    @Test
    void shouldReadFilesInTheOrderOfTheirNamesBytesInEveryLocale() throws Exception {
        // given: what the image has, and what a person has
        JobDirectory numbered = job("numbered", numbers());
        JobDirectory bare = job("bare", names());
        JobDirectory texts = job("texts", names());

        // when
        List<SortedMap<String, String>> committed = List.of(run(numbered, "C"), run(bare, "C"), run(texts, "C.UTF-8"));

        // then
        assertThat(committed.get(1)).isEqualTo(committed.get(0));
        assertThat(committed.get(2)).isEqualTo(committed.get(0));
    }

    private static SortedMap<String, String> run(JobDirectory job, String locale) throws Exception {
        Child child = Child.start(job, List.of(), Map.of("LC_ALL", locale));
        assertThat(child.exitCode()).as(child.output()).isZero();
        return job.committed();
    }

    /** Each name, and the row in its file. */
    private static Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        for (String name : NAMES) {
            names.put(name, name);
        }
        return names;
    }

    /** The same rows, in files whose names are numbers in the order of the others' bytes. */
    private static Map<String, String> numbers() {
        Map<String, String> numbers = new TreeMap<>();
        List<String> sorted = List.of(
                "a",
                "b%FD",
                "b%FE",
                "%C3%A4",
                "%C3%A9",
                "%C3%B6",
                "%E6%97%A5",
                "%E9",
                "%EF%BF%BD",
                "%F0%9F%8C%B1",
                "%FF");
        for (String name : sorted) {
            numbers.put(Integer.toString(10 + numbers.size()), name);
        }
        return numbers;
    }

    private JobDirectory job(String name, Map<String, String> files) throws IOException {
        JobDirectory job = JobDirectory.tiny(root.resolve(name));
        Path dataset = job.root().resolve("inputs/dataset");
        Files.delete(dataset.resolve("data.jsonl"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = Path.of(URI.create(dataset.toUri() + file.getKey() + ".jsonl"));
            Files.writeString(path, "{\"prompt\":\"Which? \",\"completion\":\"" + file.getValue() + "\"}\n");
        }
        return job;
    }
}
