package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.convert.Conversion.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A training file of another tool. */
public final class ForeignFile {
    private static final List<String> SECTIONS = List.of(
            "name",
            "trainer",
            "base",
            "dataset",
            "method",
            "train",
            "segments",
            "data",
            "evaluate",
            "outputs",
            "resources",
            "price");
    private static final List<String> FIRST =
            List.of("steps", "microBatch", "gradAccum", "seqLen", "lr", "scheduler", "warmupSteps");
    private static final long LEAST_MEMORY = 2_000_000_000L;
    private static final long UNKNOWN_MEMORY = 8_000_000_000L;
    private static final long GB = 1_000_000_000L;

    private ForeignFile() {}

    /** Whose file it is; nothing when it is none of theirs. */
    public static Optional<Tool> toolOf(ObjectNode file) {
        if (file.has("trainer") || file.has("image")) {
            return Optional.empty();
        }
        if (file.has("base_model")) {
            return Optional.of(Tool.AXOLOTL);
        }
        return file.has("model_name_or_path") ? Optional.of(Tool.LLAMA_FACTORY) : Optional.empty();
    }

    /**
     * Reads it as a job.
     *
     * @param origin to which paths in the job are relative
     * @throws NotTheSame when what is left would be another training
     */
    static Conversion convert(Tool tool, ObjectNode content, Path file, Path origin, Request request) {
        var directory = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent(), "a file has a directory");
        var sheet = new Sheet(content, request.accepted());
        var place = new Surroundings(directory, origin.toAbsolutePath().normalize(), request);
        var inputs = new Inputs(sheet, place);
        switch (tool) {
            case AXOLOTL -> new AxolotlFile(sheet, inputs).read();
            case LLAMA_FACTORY -> new LlamaFactoryFile(sheet, inputs).read();
        }
        terms(sheet, inputs, file, request);
        if (!sheet.obstacles().isEmpty()) {
            throw new NotTheSame(file.toString(), sheet.obstacles());
        }
        return new Conversion(tool, job(sheet), sheet.mapped(), sheet.dropped(), inputs.notes());
    }

    /** The job is what the keys were mapped to, in the order people write it. */
    private static ObjectNode job(Sheet sheet) {
        var all = JsonNodeFactory.instance.objectNode();
        for (var mapped : sheet.mapped()) {
            var dot = mapped.path().indexOf('.');
            var owner = dot < 0 ? all : all.withObjectProperty(mapped.path().substring(0, dot));
            owner.set(mapped.path().substring(dot + 1), mapped.becomes());
        }
        var job = JsonNodeFactory.instance.objectNode();
        SECTIONS.stream().filter(all::has).forEach(section -> job.set(section, arranged(all.get(section))));
        return job;
    }

    /** What says how long and how fast stands first. */
    private static JsonNode arranged(JsonNode section) {
        if (!(section instanceof ObjectNode keys)) {
            return section;
        }
        var arranged = JsonNodeFactory.instance.objectNode();
        FIRST.stream().filter(keys::has).forEach(key -> arranged.set(key, keys.get(key)));
        return arranged.setAll(keys);
    }

    /** What neither tool says. */
    private static void terms(Sheet sheet, Inputs inputs, Path file, Request request) {
        sheet.maps("", "name", request.name().orElseGet(() -> name(file)));
        sheet.maps("", "trainer", request.trainer());
        long bytes = inputs.baseBytes();
        long memory = bytes == 0 ? UNKNOWN_MEMORY : Math.max(4 * bytes, LEAST_MEMORY);
        sheet.maps("", "resources.cpu", 2);
        sheet.maps("", "resources.memory", Math.ceilDiv(memory, GB) + "GB");
        sheet.maps("", "resources.disk", Math.ceilDiv(2 * memory, GB) + "GB");
        inputs.note(
                "resources: what the run needs of a provider is a guess from the base's size; perigee quote estimates it");
        sheet.maps("", "price.max", request.price().orElse("1.00"));
        if (request.price().isEmpty()) {
            inputs.note("price.max: 1.00 stands for what you would pay at most; --price sets it");
        }
    }

    private static String name(Path file) {
        var stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "-");
        var start = stem.replaceFirst("^[._-]+", "");
        return start.isEmpty() ? "job" : start.substring(0, Math.min(start.length(), 63));
    }
}
