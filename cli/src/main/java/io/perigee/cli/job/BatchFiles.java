package io.perigee.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.Refusal;
import io.perigee.cli.convert.ForeignOptions;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Many jobs, as a directory of job files or as a file with one job a line. */
final class BatchFiles {
    private static final int MOST = 100_000;
    private static final int LONGEST_LINE = 1 << 20;
    private static final Pattern JOB_FILE = Pattern.compile(".*\\.(ya?ml|json)");

    /**
     * One of them.
     *
     * @param name its file, or its file and line
     * @param resolved reads it, uploads what it names, and gives the spec to quote
     */
    record NamedJob(String name, Function<Uploads, ObjectNode> resolved) {}

    private BatchFiles() {}

    /** In the order of names, or of lines. */
    static List<NamedJob> read(Path path, ForeignOptions foreign) {
        List<NamedJob> jobs;
        try {
            jobs = Files.isDirectory(path) ? directory(path, foreign) : lines(path);
        } catch (IOException e) {
            throw refused(path, Files.exists(path) ? "it is not readable as text" : "it does not exist");
        }
        if (jobs.isEmpty() || jobs.size() > MOST) {
            throw refused(path, "there are %s".formatted(jobs.isEmpty() ? "none" : "more than " + MOST));
        }
        return jobs;
    }

    private static List<NamedJob> directory(Path directory, ForeignOptions foreign) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file ->
                            JOB_FILE.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file))
                    .sorted()
                    .map(file -> new NamedJob(
                            file.getFileName().toString(), uploads -> JobFile.resolve(uploads, file, foreign)))
                    .toList();
        }
    }

    private static List<NamedJob> lines(Path file) throws IOException {
        var jobs = new ArrayList<NamedJob>();
        var directory = JobFile.directoryOf(file);
        int number = 0;
        try (var lines = Files.newBufferedReader(file)) {
            for (var line = lines.readLine(); line != null && jobs.size() <= MOST; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    var name = "line " + number;
                    var job = job(file, name, line);
                    jobs.add(new NamedJob(name, uploads -> JobFile.uploaded(uploads, job, directory)));
                }
            }
        }
        return jobs;
    }

    private static ObjectNode job(Path file, String name, String line) {
        if (line.length() > LONGEST_LINE) {
            throw refused(file, name + " is larger than a job can be");
        }
        try {
            if (Json.read(line, JsonNode.class) instanceof ObjectNode job) {
                return job;
            }
        } catch (InvalidValue invalid) {
            throw refused(file, "%s is no job: %s".formatted(name, invalid.getMessage()));
        }
        throw refused(file, name + " is no mapping");
    }

    private static Refusal refused(Path path, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected to read jobs from '%s', but %s".formatted(path, fact),
                "Name a directory of job files, or a file with one job a line, as JSON");
    }
}
