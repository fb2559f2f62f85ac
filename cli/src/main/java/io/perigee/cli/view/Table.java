package io.perigee.cli.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns under a quiet header. Numbers stand to the right. */
public final class Table {
    private static final String GAP = "   ";

    private final Ink ink;
    private final String[] header;
    private final List<String[]> rows = new ArrayList<>();

    /** @param header names; one that starts with '>' heads a column of numbers */
    public Table(Ink ink, String... header) {
        this.ink = ink;
        this.header = header;
    }

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    public List<String> lines(String indent) {
        var widths = new int[header.length];
        for (int i = 0; i < header.length; i++) {
            int column = i;
            int widest =
                    rows.stream().mapToInt(row -> Ink.width(row[column])).max().orElse(0);
            widths[i] = Math.max(widest, name(i).length());
        }
        var lines = new ArrayList<String>();
        if (Arrays.stream(header).anyMatch(name -> !name.isEmpty() && !name.equals(">"))) {
            var names = new String[header.length];
            Arrays.setAll(names, i -> ink.dim(name(i)));
            lines.add(line(indent, names, widths));
        }
        rows.forEach(row -> lines.add(line(indent, row, widths)));
        return lines;
    }

    private String name(int column) {
        return header[column].startsWith(">") ? header[column].substring(1) : header[column];
    }

    private String line(String indent, String[] cells, int[] widths) {
        var line = new StringBuilder(indent);
        for (int i = 0; i < cells.length; i++) {
            boolean right = header[i].startsWith(">");
            line.append(i == 0 ? "" : GAP)
                    .append(right ? Ink.padLeft(cells[i], widths[i]) : Ink.pad(cells[i], widths[i]));
        }
        return line.toString().stripTrailing();
    }
}
