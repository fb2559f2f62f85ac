package io.perigee.cli.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The base and the dataset: paths that are here, or names that the hub must know. */
final class Inputs {
    private final Sheet sheet;
    private final Surroundings place;
    private final List<String> notes = new ArrayList<>();
    private Optional<Path> base = Optional.empty();
    private String baseName = "";
    private boolean evalFile;

    Inputs(Sheet sheet, Surroundings place) {
        this.sheet = sheet;
        this.place = place;
    }

    List<String> notes() {
        return notes;
    }

    void note(String text) {
        notes.add(text);
    }

    Surroundings place() {
        return place;
    }

    boolean hasEvalFile() {
        return evalFile;
    }

    void base(String key) {
        baseName = sheet.text(key).orElse("");
        base = place.request().base().or(() -> place.local(baseName));
        if (base.isPresent()) {
            sheet.maps(key, "base", place.written(base.get()));
            return;
        }
        if (baseName.isEmpty()) {
            sheet.refuses(key, "a base model", "--base DIRECTORY");
            return;
        }
        sheet.maps(key, "base", "model://" + baseName);
        notes.add("base: '%s' is not a directory here; --base DIRECTORY uploads one".formatted(baseName));
    }

    /** The architecture, from the base's configuration when it is here, else as its name suggests. */
    String modelType() {
        return base.flatMap(directory -> place.json(directory.resolve("config.json")))
                .map(config -> config.path("model_type").asText())
                .orElseGet(() -> baseName.toLowerCase(Locale.ROOT).contains("phi-3") ? "phi3" : "llama");
    }

    /** Bytes of the weights that are here. */
    long baseBytes() {
        if (base.isEmpty()) {
            return 0;
        }
        try (var files = Files.list(base.get())) {
            long bytes = 0;
            for (var file : files.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException _) {
            return 0;
        }
    }

    /** The one dataset; {@code found} is what the file's name led to. */
    OptionalLong dataset(String key, String name, Optional<Path> found) {
        var path = place.request().dataset().or(() -> found);
        var rows = place.request().rows().map(OptionalLong::of).orElseGet(OptionalLong::empty);
        if (path.isEmpty()) {
            sheet.maps(key, "dataset", "dataset://" + name);
            notes.add("dataset: '%s' is not here; --dataset PATH uploads a file or directory of .jsonl or .parquet"
                    .formatted(name));
            return rows;
        }
        if (isList(path.get())) {
            sheet.refuses(
                    key,
                    "rows in lines",
                    "jq -c '.[]' %s > data.jsonl, then --dataset data.jsonl"
                            .formatted(path.get().getFileName()));
            return rows;
        }
        sheet.maps(key, "dataset", place.written(path.get()));
        return rows.isPresent() ? rows : place.rows(path.get());
    }

    /** A file of one JSON list, which no trainer reads. */
    private static boolean isList(Path file) {
        return Files.isRegularFile(file) && file.toString().endsWith(".json");
    }

    /** A file to evaluate on counts when it lies in the dataset's directory. */
    void evalFile(String key, Optional<Path> dataset, Optional<Path> file) {
        if (dataset.isPresent()
                && file.isPresent()
                && Files.isDirectory(dataset.get())
                && file.get().startsWith(dataset.get())) {
            sheet.maps(
                    key, "data.evalFile", dataset.get().relativize(file.get()).toString());
            evalFile = true;
        } else {
            sheet.drops(key, "rows to evaluate on lie in the dataset's own directory, and train nothing");
        }
    }
}
