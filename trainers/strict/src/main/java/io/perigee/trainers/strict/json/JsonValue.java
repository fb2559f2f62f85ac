package io.perigee.trainers.strict.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A parsed JSON value. Objects keep their keys in file order. */
public sealed interface JsonValue {

    /** An object. */
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {}

    /** An array. */
    record JsonArray(List<JsonValue> elements) implements JsonValue {}

    /** A string. */
    record JsonText(String value) implements JsonValue {}

    /** A number, exactly as written. */
    record JsonNumber(BigDecimal value) implements JsonValue {}

    /** {@code true} or {@code false}. */
    record JsonBoolean(boolean value) implements JsonValue {}

    /** {@code null}. */
    record JsonNull() implements JsonValue {}

    /** What a person would call it, for messages. */
    default String kind() {
        return switch (this) {
            case JsonObject _ -> "an object";
            case JsonArray _ -> "an array";
            case JsonText text ->
                "the string \"" + (text.value().length() > 60 ? text.value().substring(0, 60) + "…" : text.value())
                        + "\"";
            case JsonNumber number -> "the number " + number.value();
            case JsonBoolean bool -> "the value " + bool.value();
            case JsonNull _ -> "null";
        };
    }
}
