package io.perigee.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecSchema;
import io.perigee.protocol.spec.TrainerAbilities;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The job file, its canonical form and its hash; and every key of both, out of the two schemas and the parser. */
final class SpecBlocks {
    private SpecBlocks() {}

    static Map<String, String> all() {
        return Map.of(
                "job yaml", "```yaml\n%s```".formatted(yaml(ExampleJob.HUMAN)),
                "job json", PrettyJson.fenced(ExampleJob.HUMAN),
                "job canonical", PrettyJson.fenced(ExampleJob.SPEC),
                "job canonical bytes", "```text\n%s\n```".formatted(canonical()),
                "job hash", "`specHash` = `%s`".formatted(SpecHash.of(ExampleJob.SPEC)),
                "job keys", keys(),
                "job trainers", trainers());
    }

    private static String canonical() {
        return new String(CanonicalJson.bytes(ExampleJob.SPEC), StandardCharsets.UTF_8);
    }

    /** YAML as people write it: a line for each key, nested mappings in braces. */
    static String yaml(JsonNode job) {
        return job.properties().stream()
                .map(member -> "%s: %s\n".formatted(member.getKey(), flow(member.getValue())))
                .collect(Collectors.joining());
    }

    private static String flow(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(member -> member.getKey() + ": " + flow(member.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (node.isArray()) {
            var items = new ArrayList<String>();
            node.forEach(item -> items.add(flow(item)));
            return "[" + String.join(", ", items) + "]";
        }
        boolean plain = node.isTextual() && node.textValue().matches("[A-Za-z][A-Za-z0-9_:-]*|[0-9]+[A-Za-z]+");
        return plain ? node.textValue() : Json.text(node);
    }

    // ---- every key

    private static String keys() {
        var rows = new ArrayList<String>();
        rows("", SpecSchema.human(), SpecSchema.canonical(), Json.tree(ExampleJob.parse(least())), rows);
        return "| Key | Job file | Canonical form | Default | Meaning |\n| --- | --- | --- | --- | --- |\n"
                + String.join("\n", rows);
    }

    /** What a trainer takes less than the keys say. */
    private static String trainers() {
        return "| Key | `strict` takes |\n| --- | --- |\n"
                + TrainerAbilities.limits("strict").stream()
                        .map(limit -> "| `%s` | %s |".formatted(limit.path(), limit.takes()))
                        .collect(Collectors.joining("\n"));
    }

    /** The job with nothing but what must be said; what the parser adds to it are the defaults. */
    private static JsonNode least() {
        var least = Json.mapper().createObjectNode();
        for (var key : List.of("name", "trainer", "base", "dataset", "price")) {
            least.set(key, ExampleJob.HUMAN.get(key));
        }
        least.putObject("train").set("steps", ExampleJob.HUMAN.at("/train/steps"));
        return least;
    }

    private static void rows(String prefix, JsonNode human, JsonNode canonical, JsonNode defaults, List<String> rows) {
        var names = new java.util.LinkedHashSet<String>();
        canonical.path("properties").fieldNames().forEachRemaining(names::add);
        human.path("properties").fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            var written = human.path("properties").path(name);
            var resolved = canonical.path("properties").path(name);
            var value = defaults.path(name);
            if (resolved.has("properties")) {
                rows(prefix + name + ".", written, resolved, value, rows);
                continue;
            }
            var meaning = (resolved.isMissingNode() ? written : resolved)
                    .path("description")
                    .asText();
            rows.add("| `%s%s` | %s | %s | %s | %s |"
                    .formatted(
                            prefix,
                            name,
                            form(written),
                            canonical(written, resolved),
                            fallback(prefix + name, value),
                            escaped(meaning)));
        }
    }

    private static String fallback(String path, JsonNode value) {
        return switch (path) {
            case "name", "price.max", "train.steps" -> "must be given";
            case "trainer", "image" -> "one of `trainer` and `image`";
            case "imageSource" -> "from `trainer` or `image`";
            case "base", "dataset" -> "must be given with a trainer; else `\"\"`";
            case "segments.stepsPerSegment" -> "10, or `train.steps` if less";
            case "train.dpoBeta" -> "`\"0.1\"` with dpo";
            case "evaluate.every" -> "`1`";
            case "evaluate.earlyStop" -> "`0`";
            default -> value.isMissingNode() ? "" : "`%s`".formatted(Json.text(value));
        };
    }

    private static String canonical(JsonNode written, JsonNode resolved) {
        var form = form(resolved);
        return form.equals(form(written)) && !form.equals("decimal") ? "the same" : form;
    }

    private static String escaped(String text) {
        return text.replace("<", "&lt;");
    }

    private static String form(JsonNode schema) {
        if (schema.isMissingNode()) {
            return "not there";
        }
        if (schema.has("enum")) {
            var values = new ArrayList<String>();
            schema.get("enum").forEach(value -> values.add("`%s`".formatted(value.asText())));
            return String.join(", ", values);
        }
        if (schema.path("type").asText().equals("boolean")) {
            return "boolean";
        }
        if (schema instanceof ObjectNode && schema.path("type").asText().equals("array")) {
            return "%s to %s of %s"
                    .formatted(schema.get("minItems"), schema.get("maxItems"), form(schema.get("items")));
        }
        if (schema.has("minimum")) {
            var low = schema.get("minimum").asText();
            var high = schema.get("maximum").asText();
            return low.equals(high) ? low : "%s to %s".formatted(low, high);
        }
        var pattern = schema.path("pattern").asText();
        return switch (pattern) {
            case "^-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$" ->
                schema.path("type").isArray() ? "any spelling of a decimal, as number or text" : "decimal";
            case "^0x[0-9a-fA-F]{40}$" -> "address";
            default -> "`%s`".formatted(pattern.replace("|", "\\|"));
        };
    }
}
