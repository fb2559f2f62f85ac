package io.perigee.api.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What fields and constants mean, in words: {@code protocol/meanings.txt} of the test resources. Under {@code [Section]}
 * stands a line {@code name | unit and bound | meaning} for each; the middle may be left out.
 */
final class Meanings {
    /** @param bound unit and range; empty when the type says it all */
    record Entry(String bound, String meaning) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> used = new TreeSet<>();

    static Meanings read() {
        try (var in = Objects.requireNonNull(Meanings.class.getResourceAsStream("/protocol/meanings.txt"))) {
            return new Meanings(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Meanings(List<String> lines) {
        var section = "";
        for (var line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
                continue;
            }
            var parts = line.split("\\s*\\|\\s*", -1);
            var entry = new Entry(parts.length == 3 ? parts[1].strip() : "", parts[parts.length - 1].strip());
            if (parts.length < 2 || parts.length > 3 || entries.put(section + "/" + parts[0].strip(), entry) != null) {
                throw new IllegalStateException("Expected one meaning a line, but got '%s'".formatted(line));
            }
        }
    }

    Entry of(String section, String name) {
        var key = section + "/" + name;
        var entry = entries.get(key);
        if (entry == null) {
            throw new IllegalStateException(
                    "Expected a meaning of '%s' in [%s] of protocol/meanings.txt, but there is none"
                            .formatted(name, section));
        }
        used.add(key);
        return entry;
    }

    /** Meanings of things that are no longer there. */
    List<String> unused() {
        return entries.keySet().stream().filter(key -> !used.contains(key)).toList();
    }
}
