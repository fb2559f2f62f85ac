package io.perigee.protocol.spec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What the rules found wrong so far, and the kinds of thing that can be wrong. */
final class Findings {
    /** Nobody reads more, and each is several objects: a body of a few megabytes can hold millions of mistakes. */
    static final int MOST = 1_000;

    private final List<Violation> found = new ArrayList<>();

    List<Violation> all() {
        return List.copyOf(found);
    }

    void require(String path, boolean holds, String expected, String actual, String hint) {
        if (!holds && found.size() < MOST) {
            found.add(new Violation(path, expected, SpecNode.shown(actual), hint));
        }
    }

    void range(String path, long value, long low, long high, String hint) {
        require(
                path,
                value >= low && value <= high,
                "a whole number from %d to %d".formatted(low, high),
                Long.toString(value),
                hint);
    }

    void size(String path, int size, int low, int high, String hint) {
        require(path, size >= low && size <= high, "%d to %d entries".formatted(low, high), size + " entries", hint);
    }

    /** The entries of a list, and how many they may be; of too many, no one is looked at. */
    void each(String path, List<String> values, int low, int high, String hint, Pattern form, String expectedOfEach) {
        size(path, values.size(), low, high, hint);
        if (values.size() >= low && values.size() <= high) {
            each(path, values, form, expectedOfEach);
        }
    }

    /** {@code closed}: the upper bound is allowed, too. */
    void decimal(String path, Decimal value, Decimal low, Decimal high, boolean closed, String hint) {
        int top = value.compareTo(high);
        require(
                path,
                value.compareTo(low) >= 0 && (top < 0 || closed && top == 0),
                "a decimal from %s to %s%s".formatted(low, high, closed ? "" : ", without the latter"),
                value.value(),
                hint);
    }

    void aboveZero(String path, Decimal value, Decimal high, String hint) {
        require(
                path,
                value.compareTo(Decimal.ZERO) > 0 && value.compareTo(high) <= 0,
                "a decimal above 0, at most " + high,
                value.value(),
                hint);
    }

    void form(String path, String value, Pattern form, String expected, String hint) {
        require(path, form.matcher(value).matches(), expected, value, hint);
    }

    private void each(String path, List<String> values, Pattern form, String expected) {
        for (int i = 0; i < values.size(); i++) {
            require(
                    path + "[" + i + "]",
                    form.matcher(values.get(i)).matches(),
                    expected,
                    values.get(i),
                    "check the spelling");
        }
        distinct(path, values);
    }

    void distinct(String path, List<String> values) {
        var seen = new HashSet<String>();
        for (int i = 0; i < values.size() && found.size() < MOST; i++) {
            require(
                    path + "[" + i + "]",
                    seen.add(values.get(i)),
                    "each entry once",
                    values.get(i),
                    "remove the second one");
        }
    }

    void content(String path, String value) {
        require(
                path,
                value.isEmpty() || isContent(value),
                "a content id 'sha256:…'",
                value,
                "64 lower-case hex digits");
    }

    static boolean isContent(String value) {
        try {
            ContentId.parse(value);
            return true;
        } catch (InvalidValue _) {
            return false;
        }
    }
}
