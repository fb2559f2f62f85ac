package io.perigee.cli.job;

import io.perigee.cli.convert.Conversion;
import io.perigee.cli.view.Ink;
import io.perigee.cli.view.Table;
import io.perigee.protocol.codec.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of another tool's file, for people and for programs. */
final class ConversionView {
    private ConversionView() {}

    static List<String> lines(Ink ink, Conversion conversion) {
        var lines = new ArrayList<String>();
        var tool = conversion.tool().title();
        lines.add("");
        var mapped = new Table(ink, tool, "job", "");
        conversion.mapped().stream()
                .filter(key -> !key.key().isEmpty())
                .forEach(key -> mapped.row(key.key(), key.path(), value(key)));
        lines.addAll(mapped.lines("  "));
        lines.add("");
        var defaults = new Table(ink, "not in the file", "");
        conversion.mapped().stream()
                .filter(key -> key.key().isEmpty())
                .forEach(key -> defaults.row(key.path(), value(key)));
        lines.addAll(defaults.lines("  "));
        lines.add("");
        if (!conversion.dropped().isEmpty()) {
            var dropped = new Table(ink, "left out", "because");
            conversion.dropped().forEach(key -> dropped.row(key.key(), key.reason()));
            lines.addAll(dropped.lines("  "));
            lines.add("");
        }
        conversion.notes().forEach(note -> lines.add("  " + ink.notice() + " " + note));
        lines.add("");
        return lines;
    }

    static Map<String, Object> document(Conversion conversion) {
        var document = new LinkedHashMap<String, Object>();
        document.put("tool", conversion.tool().title());
        document.put("job", conversion.job());
        document.put("mapped", conversion.mapped());
        document.put("dropped", conversion.dropped());
        document.put("notes", conversion.notes());
        return document;
    }

    private static String value(Conversion.Mapped key) {
        return key.becomes().isTextual() ? key.becomes().textValue() : Json.text(key.becomes());
    }
}
