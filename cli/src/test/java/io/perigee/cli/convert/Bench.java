package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A directory as users of these tools have one, and a hub's reading of what comes of their files. */
final class Bench {
    static final Request PLAIN = new Request(
            Optional.empty(),
            "lora",
            Optional.empty(),
            Optional.empty(),
            Optional.of("2.50"),
            Optional.empty(),
            Optional.empty(),
            List.of());

    private final Path directory;

    Bench(Path directory) throws IOException {
        this.directory = directory;
        rows("data/train.jsonl", 250);
        rows("data/house.jsonl", 90);
        rows("data/essays.jsonl", 41);
        rows("data/chats.jsonl", 10);
        rows("pairs/pairs.jsonl", 33);
        Files.createDirectories(directory.resolve("base"));
        Files.writeString(directory.resolve("base/config.json"), "{\"model_type\":\"llama\"}");
        Files.write(directory.resolve("base/model.safetensors"), new byte[1000]);
        Files.writeString(directory.resolve("data/dataset_info.json"), resource("dataset_info.json"));
    }

    Path directory() {
        return directory;
    }

    private void rows(String file, int count) throws IOException {
        var path = directory.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, String.join("\n", Collections.nCopies(count, "{}")) + "\n\n");
    }

    static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Bench.class.getResourceAsStream("/convert/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Conversion convert(String resource) throws IOException {
        return convert(resource, resource(resource), PLAIN);
    }

    Conversion convert(String name, String text, Request request) throws IOException {
        var file = Files.writeString(directory.resolve(name), text);
        var content = (ObjectNode) new YAMLMapper().readTree(text);
        var tool = ForeignFile.toolOf(content).orElseThrow();
        return ForeignFile.convert(tool, content, file, directory, request);
    }

    /** The hub's reading; whatever is named exists. */
    static JobSpec spec(Conversion conversion) {
        var job = conversion.job().deepCopy();
        for (var key : List.of("base", "dataset")) {
            if (!job.path(key).asText().contains("://")) {
                job.put(key, content(job.path(key).asText()).value());
            }
        }
        return switch (SpecParser.parse((JsonNode) job, new Everything())) {
            case SpecParser.Result.Valid(var spec) -> spec;
            case SpecParser.Result.Invalid(var violations) -> throw new AssertionError(violations.toString());
        };
    }

    private static ContentId content(String what) {
        return Sha256.of(what.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Everything implements SpecResolver {
        @Override
        public Optional<Trainer> trainer(String name) {
            return Optional.of(new Trainer(content(name)));
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return Optional.of(content(reference));
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return Optional.of(content(reference));
        }

        @Override
        public int tokenDecimals() {
            return 6;
        }
    }
}
