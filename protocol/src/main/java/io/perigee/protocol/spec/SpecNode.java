package io.perigee.protocol.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One mapping of the human form, read key by key. What is wrong is noted and a stand-in returned, so that one reading
 * finds everything.
 */
final class SpecNode {
    private static final int SHOWN = 60;

    private final JsonNode node;
    private final String path;
    private final List<Violation> found;

    SpecNode(JsonNode node, String path, List<Violation> found) {
        this.node = node;
        this.path = path;
        this.found = found;
    }

    static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** Notes every key that is not one of these. */
    SpecNode only(String... keys) {
        var known = Set.of(keys);
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key) && found.size() < Findings.MOST) {
                note(key, "one of " + new TreeSet<>(known), "the key '" + shown(key) + "'", nearest(key, known));
            }
        });
        return this;
    }

    SpecNode object(String key) {
        var child = node.path(key);
        if (!child.isObject() && !absent(child)) {
            note(key, "a mapping", describe(child), "write %s: {…}".formatted(key));
        }
        return new SpecNode(child, at(key), found);
    }

    String text(String key, String fallback) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback;
        }
        if (!child.isTextual()) {
            note(key, "text", describe(child), "put it in quotes");
            return fallback;
        }
        return child.textValue();
    }

    long whole(String key, long fallback) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback;
        }
        if (!child.isIntegralNumber() || !child.canConvertToLong()) {
            note(key, "a whole number", describe(child), "write it without quotes, point or exponent");
            return fallback;
        }
        return child.longValue();
    }

    int number(String key, int fallback) {
        long value = whole(key, fallback);
        if (value != (int) value) {
            note(key, "a whole number below 2^31", Long.toString(value), "make it smaller");
            return fallback;
        }
        return (int) value;
    }

    Decimal decimal(String key, Decimal fallback) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback;
        }
        if (!child.isNumber() && !child.isTextual()) {
            note(key, "a decimal", describe(child), "for example \"2e-4\"");
            return fallback;
        }
        return read(key, child.asText(), Decimal::parse, () -> fallback, "a decimal", "for example \"2e-4\"");
    }

    List<String> texts(String key, List<String> fallback) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback;
        }
        var values = new ArrayList<String>();
        for (var entry : child) {
            if (entry.isTextual()) {
                values.add(entry.textValue());
            }
        }
        if (!child.isArray() || values.size() != child.size()) {
            note(key, "a list of texts", describe(child), "write %s: [a, b]".formatted(key));
            return fallback;
        }
        return List.copyOf(values);
    }

    boolean flag(String key, boolean fallback) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback;
        }
        if (!child.isBoolean()) {
            note(key, "true or false", describe(child), "write it without quotes");
            return fallback;
        }
        return child.booleanValue();
    }

    <E extends Enum<E>> List<E> choices(String key, E[] values, Function<E, String> wire) {
        var chosen = new ArrayList<E>();
        for (var text : texts(key, List.of())) {
            Arrays.stream(values)
                    .filter(value -> wire.apply(value).equals(text))
                    .findFirst()
                    .ifPresentOrElse(chosen::add, () -> unknown(key, values, wire, text));
        }
        return chosen;
    }

    private <E extends Enum<E>> void unknown(String key, E[] values, Function<E, String> wire, String text) {
        note(key, "one of " + Arrays.stream(values).map(wire).toList(), "'" + shown(text) + "'", "check the spelling");
    }

    <E extends Enum<E>> E choice(String key, E fallback, E[] values, Function<E, String> wire) {
        var text = text(key, wire.apply(fallback));
        return Arrays.stream(values)
                .filter(value -> wire.apply(value).equals(text))
                .findFirst()
                .orElseGet(() -> {
                    unknown(key, values, wire, text);
                    return fallback;
                });
    }

    /** Reads a text with a unit or a form of its own. */
    <T> T form(String key, Function<String, T> reader, Supplier<T> fallback, String expected, String hint) {
        var child = node.path(key);
        if (absent(child)) {
            return fallback.get();
        }
        if (!child.isTextual()) {
            note(key, expected + ", as text", describe(child), hint);
            return fallback.get();
        }
        return read(key, child.textValue(), reader, fallback, expected, hint);
    }

    void note(String key, String expected, String actual, String hint) {
        if (found.size() < Findings.MOST) {
            found.add(new Violation(at(key), expected, actual, hint));
        }
    }

    private <T> T read(
            String key, String text, Function<String, T> reader, Supplier<T> fallback, String expected, String hint) {
        try {
            return reader.apply(text);
        } catch (InvalidValue | ArithmeticException _) {
            note(key, expected, "'" + shown(text) + "'", hint);
            return fallback.get();
        }
    }

    private String at(String key) {
        return path.isEmpty() ? shown(key) : path + "." + shown(key);
    }

    private static boolean absent(JsonNode child) {
        return child.isMissingNode() || child.isNull();
    }

    private static String describe(JsonNode child) {
        return switch (child.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case STRING -> "'" + shown(child.textValue()) + "'";
            case NUMBER, BOOLEAN -> shown(child.asText());
            case NULL, MISSING -> "nothing";
            case BINARY, POJO -> "something that is not JSON";
        };
    }

    /** "did you mean 'steps'?" when a known key is within two edits. */
    private static String nearest(String key, Set<String> known) {
        return known.stream()
                .filter(candidate ->
                        distance(key.toLowerCase(java.util.Locale.ROOT), candidate.toLowerCase(java.util.Locale.ROOT))
                                <= 2)
                .sorted()
                .findFirst()
                .map("did you mean '%s'?"::formatted)
                .orElse("remove it; keys that are not known are refused, not ignored");
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return 3;
        }
        var row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int next = Math.min(
                        Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }
}
