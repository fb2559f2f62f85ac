package io.perigee.trainers.strict.json;

import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.json.JsonValue.JsonBoolean;
import io.perigee.trainers.strict.json.JsonValue.JsonNull;
import io.perigee.trainers.strict.json.JsonValue.JsonNumber;
import io.perigee.trainers.strict.json.JsonValue.JsonObject;
import io.perigee.trainers.strict.json.JsonValue.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Typed access to an object's members; every mismatch becomes the failure that {@code fault} makes of a sentence. */
public final class JsonFields {
    private final String path;
    private final Map<String, JsonValue> members;
    private final Function<String, RuntimeException> fault;

    /** {@code fault} turns "Expected …, but …." into the exception to throw. */
    public JsonFields(String path, JsonValue value, Function<String, RuntimeException> fault) {
        this.path = path;
        this.fault = fault;
        if (!(value instanceof JsonObject(Map<String, JsonValue> found))) {
            throw fault.apply("Expected '" + path + "' to be an object, but it is " + value.kind() + ".");
        }
        this.members = found;
    }

    /** Refuses members this trainer would otherwise silently ignore. */
    public JsonFields only(Set<String> known) {
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                throw fault.apply("Expected '" + path + "' to hold only " + new java.util.TreeSet<>(known)
                        + ", but it has '" + name + "'.");
            }
        }
        return this;
    }

    /** True when the member is there and not null. */
    public boolean has(String name) {
        @Nullable JsonValue value = members.get(name);
        return value != null && !(value instanceof JsonNull);
    }

    public JsonValue value(String name) {
        @Nullable JsonValue value = members.get(name);
        if (value == null || value instanceof JsonNull) {
            throw fault.apply("Expected '" + at(name) + "' to be given, but it is missing.");
        }
        return value;
    }

    public JsonFields object(String name) {
        return new JsonFields(at(name), value(name), fault);
    }

    public String text(String name) {
        return value(name) instanceof JsonText(String text) ? text : mismatch(name, "a string");
    }

    public boolean flag(String name, boolean fallback) {
        if (!has(name)) {
            return fallback;
        }
        return value(name) instanceof JsonBoolean(boolean flag) ? flag : mismatch(name, "true or false");
    }

    public int integer(String name, int least, int most) {
        return (int) longInteger(name, least, most);
    }

    public long longInteger(String name, long least, long most) {
        BigDecimal number =
                value(name) instanceof JsonNumber(BigDecimal found) ? found : mismatch(name, "a whole number");
        if (number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0
                || number.stripTrailingZeros().scale() > 0) {
            return mismatch(name, "a whole number from " + least + " to " + most);
        }
        return number.longValueExact();
    }

    /** A decimal, written as a number or (as the canonical spec does) as a string. */
    public double decimal(String name, double least, double most) {
        String expected = "a decimal from " + least + " to " + most;
        BigDecimal number =
                switch (value(name)) {
                    case JsonNumber(BigDecimal found) -> found;
                    case JsonText(String text)
                    when text.length() <= 40 && text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?") ->
                        new BigDecimal(text);
                    case JsonText _, JsonObject _, JsonArray _, JsonBoolean _, JsonNull _ -> mismatch(name, expected);
                };
        if (number.compareTo(new BigDecimal(least)) < 0 || number.compareTo(new BigDecimal(most)) > 0) {
            return mismatch(name, expected);
        }
        return number.doubleValue();
    }

    public List<String> texts(String name) {
        List<JsonValue> elements =
                value(name) instanceof JsonArray(List<JsonValue> found) ? found : mismatch(name, "a list of strings");
        List<String> texts = new ArrayList<>();
        for (JsonValue element : elements) {
            texts.add(element instanceof JsonText(String text) ? text : mismatch(name, "a list of strings"));
        }
        return texts;
    }

    /** Where a member is: {@code train.steps}. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private <T> T mismatch(String name, String expected) {
        throw fault.apply("Expected '" + at(name) + "' to be " + expected + ", but it is "
                + value(name).kind() + ".");
    }
}
