package io.perigee.cli.job;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.perigee.cli.Refusal;
import io.perigee.cli.Session;
import io.perigee.cli.convert.ForeignFile;
import io.perigee.cli.convert.ForeignOptions;
import io.perigee.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A job as a builder writes it, in YAML or JSON. Paths in it are relative to it, and are uploaded. */
final class JobFile {
    private static final int LARGEST = 1 << 20;
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JobFile() {}

    /**
     * Reads the file, another tool's too, and puts content ids in place of local paths, uploading what the hub does not
     * have.
     */
    static ObjectNode resolve(Uploads uploads, Path file, ForeignOptions foreign) {
        return uploaded(uploads, job(uploads.session(), file, foreign), directoryOf(file));
    }

    /** The same for a job that was read already; its paths are relative to the directory. */
    static ObjectNode uploaded(Uploads uploads, ObjectNode job, Path directory) {
        upload(uploads, job, "base", directory);
        upload(uploads, job, "dataset", directory);
        image(uploads, job, directory);
        return job;
    }

    static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    private static ObjectNode job(Session session, Path file, ForeignOptions foreign) {
        var content = read(file);
        var tool = ForeignFile.toolOf(content);
        if (tool.isEmpty()) {
            if (foreign.given()) {
                throw new Refusal(
                        ErrorCode.MALFORMED,
                        "Expected a file of another tool beside these options, but '%s' is a job file".formatted(file),
                        "Write what you want into the job file");
            }
            return content;
        }
        var conversion = foreign.convert(tool.get(), content, file, directoryOf(file));
        ConversionView.lines(session.ink(), conversion).forEach(session::say);
        if (!foreign.priced()) {
            throw new Refusal(
                    ErrorCode.INVALID_SPEC,
                    "Expected to know the most this job may cost, but files of %s do not say"
                            .formatted(tool.get().title()),
                    "Add --price TOKENS");
        }
        return conversion.job();
    }

    static ObjectNode read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw refused(file, "it is larger than a job can be");
            }
            return YAML.readTree(Files.readString(file)) instanceof ObjectNode job ? job : mapping(file);
        } catch (JsonProcessingException e) {
            throw refused(file, fault(e));
        } catch (IOException e) {
            throw refused(file, Files.exists(file) ? "it is not readable as text" : "it does not exist");
        }
    }

    private static ObjectNode mapping(Path file) {
        throw refused(file, "it is no mapping");
    }

    private static void upload(Uploads uploads, ObjectNode job, String key, Path directory) {
        var text = job.path(key).asText("");
        if (!isLocal(text)) {
            return;
        }
        var path = directory.resolve(text).normalize();
        if (!Files.exists(path)) {
            throw new Refusal(
                    ErrorCode.ARTIFACT_MISSING,
                    "Expected '%s' of the job at '%s', but nothing is there".formatted(key, path),
                    "Paths are relative to the job file");
        }
        job.put(key, uploads.directory(key, path).value());
    }

    private static void image(Uploads uploads, ObjectNode job, Path directory) {
        var text = job.path("image").asText("");
        if (!isLocal(text)) {
            return;
        }
        var path = directory.resolve(text).normalize();
        var config = DockerArchive.configDigest(path);
        job.put("image", "artifact://%s@%s".formatted(uploads.file("image", path), config));
    }

    private static boolean isLocal(String text) {
        return text.startsWith("./") || text.startsWith("../") || text.startsWith("/");
    }

    /** Where it stops being YAML, and why: the parser says so last, after where it began to read what it did not end. */
    private static String fault(JsonProcessingException fault) {
        var text = fault.getOriginalMessage();
        var place = PLACE.matcher(text).results().reduce((_, last) -> last);
        var why = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("in "))
                .reduce((_, last) -> last)
                .orElse("it ends too early");
        return place.map(found -> "line %s, column %s".formatted(found.group(1), found.group(2)))
                        .orElseGet(() -> where(fault.getLocation()))
                + " is no YAML: " + why;
    }

    private static String where(@Nullable JsonLocation place) {
        return place == null ? "all of it" : "line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
    }

    private static Refusal refused(Path file, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected to read a job from '%s', but %s".formatted(file, fact),
                "See examples/quickstart/job.yaml");
    }
}
