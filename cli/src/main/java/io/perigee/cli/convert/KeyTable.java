package io.perigee.cli.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a tool's keys mean that have no key of a job: a resource of lines, because it is only data. */
final class KeyTable {
    /** @param changes whether leaving it out would be another training */
    record Row(boolean changes, String reason) {}

    private final Map<String, Row> rows;

    private KeyTable(Map<String, Row> rows) {
        this.rows = rows;
    }

    static KeyTable read(String resource) {
        try (var in = KeyTable.class.getResourceAsStream(resource)) {
            var text = new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
            var rows = new LinkedHashMap<String, Row>();
            text.lines()
                    .filter(line -> line.startsWith("-") || line.startsWith("!"))
                    .forEach(line -> {
                        var bar = line.indexOf('|');
                        var row = new Row(
                                line.startsWith("!"), line.substring(bar + 1).trim());
                        for (var key : line.substring(1, bar).trim().split(" ")) {
                            if (rows.put(key, row) != null) {
                                throw new IllegalStateException("Expected '%s' once in %s".formatted(key, resource));
                            }
                        }
                    });
            return new KeyTable(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Row> of(String key) {
        var exact = rows.get(key);
        if (exact != null) {
            return Optional.of(exact);
        }
        return rows.entrySet().stream()
                .filter(row -> row.getKey().endsWith("*")
                        && key.startsWith(row.getKey().substring(0, row.getKey().length() - 1)))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
