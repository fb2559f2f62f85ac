package io.perigee.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** JSON for readers: what fits on a line stays on it. */
final class PrettyJson {
    private static final int WIDTH = 150;

    private PrettyJson() {}

    /** A fenced block with the document, exactly as the codec writes it but for white space. */
    static String fenced(Object value) {
        return "```json\n%s\n```".formatted(text(value));
    }

    static String text(Object value) {
        return print(value instanceof JsonNode node ? node : Json.parse(Json.bytes(value)), 0);
    }

    private static String print(JsonNode node, int depth) {
        var line = line(node);
        if (line.length() + 2 * depth <= WIDTH || !node.isContainerNode() || node.isEmpty()) {
            return line;
        }
        var inner = "  ".repeat(depth + 1);
        var parts = new ArrayList<String>();
        if (node.isObject()) {
            node.properties()
                    .forEach(member ->
                            parts.add(inner + Json.text(member.getKey()) + ": " + print(member.getValue(), depth + 1)));
        } else {
            node.forEach(item -> parts.add(inner + print(item, depth + 1)));
        }
        return wrap(node, "\n" + String.join(",\n", parts) + "\n" + "  ".repeat(depth));
    }

    private static String line(JsonNode node) {
        if (!node.isContainerNode()) {
            return Json.text(node);
        }
        List<String> parts = new ArrayList<>();
        if (node.isObject()) {
            node.properties().forEach(member -> parts.add(Json.text(member.getKey()) + ": " + line(member.getValue())));
        } else {
            node.forEach(item -> parts.add(line(item)));
        }
        return wrap(node, parts.stream().collect(Collectors.joining(", ")));
    }

    private static String wrap(JsonNode node, String inside) {
        return node.isObject() ? "{" + inside + "}" : "[" + inside + "]";
    }
}
