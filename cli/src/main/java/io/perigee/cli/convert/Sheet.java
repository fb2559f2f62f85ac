package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.convert.Conversion.Dropped;
import io.perigee.cli.convert.Conversion.Mapped;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A tool's file while it is read: every key is mapped, dropped or an obstacle, and none is forgotten. */
final class Sheet {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int SHOWN = 60;

    private final ObjectNode source;
    private final Set<String> accepted;
    private final Set<String> seen = new LinkedHashSet<>();
    private final List<Mapped> mapped = new ArrayList<>();
    private final List<Dropped> dropped = new ArrayList<>();
    private final List<Violation> obstacles = new ArrayList<>();

    /** @param accepted keys whose loss the user accepts, although they change what is trained */
    Sheet(ObjectNode source, Collection<String> accepted) {
        this.source = source;
        this.accepted = Set.copyOf(accepted);
    }

    List<Mapped> mapped() {
        return mapped;
    }

    List<Dropped> dropped() {
        return dropped;
    }

    List<Violation> obstacles() {
        return obstacles;
    }

    // ---- reading

    boolean has(String key) {
        return source.hasNonNull(key);
    }

    /** A key's value; nothing when it is absent or null. Whoever asks decides about the key. */
    Optional<JsonNode> take(String key) {
        var value = source.path(key);
        seen.add(key);
        if (source.has(key) && value.isNull()) {
            dropped.add(new Dropped(key, "not set"));
        }
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String key) {
        return take(key)
                .flatMap(value -> value.isValueNode()
                        ? Optional.of(value.asText())
                        : bad(key, value, "a text", "write one value"));
    }

    Optional<Decimal> decimal(String key) {
        return take(key).flatMap(value -> {
            try {
                return Optional.of(Decimal.parse(value.asText()));
            } catch (InvalidValue _) {
                return bad(key, value, "a number", "write one, such as 2e-4");
            }
        });
    }

    Optional<Integer> whole(String key) {
        return take(key).flatMap(value -> {
            try {
                return Optional.of(Decimal.parse(value.asText()).number().intValueExact());
            } catch (InvalidValue | ArithmeticException _) {
                return bad(key, value, "a whole number", "write one without a fraction");
            }
        });
    }

    /** A switch, which Python also writes as a word; absent is off. */
    boolean flag(String key) {
        return take(key)
                .map(value -> switch (value.asText().toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on", "1" -> true;
                    case "false", "no", "off", "0", "" -> false;
                    default -> {
                        bad(key, value, "true or false", "write one of them");
                        yield false;
                    }
                })
                .orElse(false);
    }

    /** A list, or a text with commas between. */
    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        take(key).ifPresent(value -> {
            if (value.isArray()) {
                value.forEach(entry -> texts.add(entry.asText()));
            } else {
                for (var part : value.asText().split(",")) {
                    texts.add(part.trim());
                }
            }
        });
        return texts;
    }

    private <T> Optional<T> bad(String key, JsonNode value, String expected, String hint) {
        obstacles.add(new Violation(key, expected, shown(value), hint));
        return Optional.empty();
    }

    // ---- deciding

    /** The key lives on under this path; "" is the tool's default. */
    void maps(String key, String path, Object becomes) {
        mapped.add(new Mapped(key, path, tree(becomes)));
    }

    /** The key goes; nothing happens when the file does not have it. */
    void drops(String key, String reason) {
        if (has(key) || key.contains("[")) {
            dropped.add(new Dropped(key, reason));
        }
    }

    /** Without this key it would be another training; true when the user accepted that. */
    boolean refuses(String key, String expected, String hint) {
        if (accepted.contains(key)) {
            dropped.add(new Dropped(key, "accepted by you: expected " + expected));
            return true;
        }
        var value = source.path(key);
        obstacles.add(new Violation(key, expected, value.isMissingNode() ? "nothing" : shown(value), hint));
        return false;
    }

    /** Everything nobody asked for, by the table; a key that it does not know may mean anything. */
    void rest(KeyTable table) {
        for (var property : source.properties()) {
            var key = property.getKey();
            if (seen.contains(key)) {
                continue;
            }
            var row = table.of(key);
            if (property.getValue().isNull()
                    || isOff(property.getValue())
                            && row.map(KeyTable.Row::changes).orElse(true)) {
                dropped.add(new Dropped(key, "not set"));
            } else if (row.isEmpty()) {
                refuses(
                        key,
                        "a key that is known",
                        "is it spelt right? --accept %s leaves it out".formatted(shown(key)));
            } else if (row.get().changes()) {
                refuses(key, "nothing: " + row.get().reason(), "--accept %s leaves it out".formatted(key));
            } else {
                drops(key, row.get().reason());
            }
        }
        silent();
    }

    /** Keys that were asked for and decided nothing, such as a switch that is off. */
    private void silent() {
        var told = new HashSet<String>();
        mapped.forEach(key -> told.add(key.key()));
        dropped.forEach(key -> told.add(key.key()));
        obstacles.forEach(obstacle -> told.add(obstacle.path()));
        for (var key : seen) {
            if (has(key) && !told.contains(key)) {
                drops(key, isOff(source.path(key)) ? "not set" : "other keys of the file decide");
            }
        }
    }

    private static boolean isOff(JsonNode value) {
        return value.isBoolean() && !value.booleanValue()
                || value.isNumber() && value.doubleValue() == 0
                || value.isTextual() && value.textValue().isBlank()
                || value.isContainerNode() && value.isEmpty();
    }

    private static JsonNode tree(Object value) {
        return switch (value) {
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Boolean flag -> NODES.booleanNode(flag);
            case List<?> list -> {
                var array = NODES.arrayNode();
                list.forEach(entry -> array.add(String.valueOf(entry)));
                yield array;
            }
            default -> NODES.textNode(value.toString());
        };
    }

    private static String shown(JsonNode value) {
        return shown(value.isTextual() ? value.textValue() : value.toString());
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
