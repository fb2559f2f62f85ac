package io.perigee.protocol.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regenerate the files with {@code -Dperigee.regenerate=true}. */
class SpecSchemaTest {
    private static final Path RESOURCES = Path.of("src/main/resources/io/perigee/protocol/spec");

    @Test
    void shouldBeTheFilesThatAreShipped() throws IOException {
        requireShipped(SpecSchema.HUMAN_RESOURCE, SpecSchema.human());
        requireShipped(SpecSchema.CANONICAL_RESOURCE, SpecSchema.canonical());
    }

    @Test
    void shouldKnowExactlyTheKeysOfTheParser() {
        // given
        var paths = new ArrayList<String>();
        collect(SpecSchema.human(), "", paths);

        for (var path : paths) {
            // when: a list of lists stands where no list of lists may
            var spec = Json.read(SpecSamples.EVERYTHING, JsonNode.class).deepCopy();
            put((ObjectNode) spec, path);
            var result = SpecParser.parse(spec, SpecSamples.RESOLVER);

            // then: the parser knows the key and dislikes the value
            assertThat(result).as(path).isInstanceOf(SpecParser.Result.Invalid.class);
            var violations = ((SpecParser.Result.Invalid) result).violations();
            assertThat(violations)
                    .as(path)
                    .noneMatch(violation -> violation.actual().startsWith("the key"));
            assertThat(violations)
                    .as(path)
                    .anyMatch(violation -> violation.path().equals(path) || path.equals("image"));
        }
        assertThat(paths).hasSizeGreaterThan(40);
    }

    @Test
    void shouldDescribeTheCanonicalFormFieldByField() {
        // given
        var spec = Json.tree(SpecSamples.valid(SpecSamples.EVERYTHING));

        // when
        var described = new ArrayList<String>();
        collect(SpecSchema.canonical(), "", described);
        var written = new ArrayList<String>();
        flatten(spec, "", written);

        // then
        assertThat(written).containsExactlyInAnyOrderElementsOf(described);
    }

    private static void requireShipped(String name, ObjectNode schema) throws IOException {
        var text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        var file = RESOURCES.resolve(name);
        if (Boolean.getBoolean("perigee.regenerate")) {
            Files.createDirectories(RESOURCES);
            Files.writeString(file, text);
        }
        try (var in = SpecSchema.class.getResourceAsStream(name)) {
            assertThat(in)
                    .as("%s; run this test with -Dperigee.regenerate=true", name)
                    .isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    private static void collect(JsonNode schema, String prefix, List<String> paths) {
        for (var property : schema.path("properties").properties()) {
            var path = prefix.isEmpty() ? property.getKey() : prefix + "." + property.getKey();
            paths.add(path);
            collect(property.getValue(), path, paths);
        }
    }

    private static void flatten(JsonNode value, String prefix, List<String> paths) {
        for (var property : value.properties()) {
            var path = prefix.isEmpty() ? property.getKey() : prefix + "." + property.getKey();
            paths.add(path);
            flatten(property.getValue(), path, paths);
        }
    }

    private static void put(ObjectNode spec, String path) {
        var parts = path.split("\\.");
        var node = spec;
        for (int i = 0; i < parts.length - 1; i++) {
            node = node.get(parts[i]).isObject() ? (ObjectNode) node.get(parts[i]) : node.putObject(parts[i]);
        }
        node.putArray(parts[parts.length - 1]).addArray();
        if (path.equals("image")) {
            spec.remove("trainer");
        }
    }
}
