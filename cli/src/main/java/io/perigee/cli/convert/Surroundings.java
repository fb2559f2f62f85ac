package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What lies around a file, and what the user said beside it.
 *
 * @param directory the file's
 * @param origin to which paths in the job are relative
 */
record Surroundings(Path directory, Path origin, Request request) {
    private static final long LARGEST_JSON = 4 << 20;
    private static final long LARGEST_DATA = 1L << 34;
    private static final int FILES = 4_096;

    /** What a name in the file means here: a path that is there, or nothing. */
    Optional<Path> local(String name) {
        try {
            var path = directory.resolve(name).normalize();
            return !name.isBlank() && Files.exists(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** As a job writes it. */
    String written(Path path) {
        return path.startsWith(origin) && !path.equals(origin) ? "./" + origin.relativize(path) : path.toString();
    }

    Optional<ObjectNode> json(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LARGEST_JSON
                    ? Optional.of(Json.read(Files.readAllBytes(file), ObjectNode.class))
                    : Optional.empty();
        } catch (IOException | InvalidValue _) {
            return Optional.empty();
        }
    }

    /** The rows of a dataset that is here, as the trainers count them; nothing when only reading it whole could tell. */
    OptionalLong rows(Path dataset) {
        try (var walk = Files.walk(dataset, 8)) {
            var files = walk.filter(Files::isRegularFile).limit(FILES + 1L).toList();
            if (files.size() > FILES
                    || files.stream().anyMatch(file -> file.toString().endsWith(".parquet"))) {
                return OptionalLong.empty();
            }
            return rows(files.stream()
                    .filter(file -> file.toString().endsWith(".jsonl"))
                    .toList());
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong rows(List<Path> files) throws IOException {
        long rows = 0;
        long bytes = 0;
        for (var file : files) {
            bytes += Files.size(file);
            if (bytes > LARGEST_DATA) {
                return OptionalLong.empty();
            }
            rows += rowsOf(file);
        }
        return rows == 0 ? OptionalLong.empty() : OptionalLong.of(rows);
    }

    /** Lines that hold more than blanks. */
    private static long rowsOf(Path file) throws IOException {
        long rows = 0;
        boolean blank = true;
        try (var in = Files.newInputStream(file)) {
            var chunk = new byte[1 << 16];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    if (chunk[i] == '\n') {
                        rows += blank ? 0 : 1;
                        blank = true;
                    } else {
                        blank &= chunk[i] == ' ' || chunk[i] == '\t' || chunk[i] == '\r';
                    }
                }
            }
        }
        return blank ? rows : rows + 1;
    }
}
