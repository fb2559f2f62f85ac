package io.perigee.cli.view;

import io.perigee.protocol.codec.PlainText;
import java.util.regex.Pattern;

/** Colours and signs, where the terminal has them. Meaning never hangs on colour alone. */
public final class Ink {
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-9;]*m");

    /** Those of {@link #paint}, and no other. */
    private static final Pattern COLOURS = Pattern.compile("\u001B\\[(?:0|1|2|31|32|33|36)m");

    private final boolean colour;
    private final boolean unicode;

    public Ink(Terminal terminal) {
        this(terminal.colour(), terminal.unicode());
    }

    private Ink(boolean colour, boolean unicode) {
        this.colour = colour;
        this.unicode = unicode;
    }

    /** For what is written to {@link Terminal#err()}. */
    public static Ink ofErrors(Terminal terminal) {
        return new Ink(terminal.errorColour(), terminal.unicode());
    }

    public String bold(String text) {
        return paint("1", text);
    }

    public String dim(String text) {
        return paint("2", text);
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    public String warn(String text) {
        return paint("33", text);
    }

    public String accent(String text) {
        return paint("36", text);
    }

    public String done() {
        return good(unicode ? "✔" : "+");
    }

    public String failed() {
        return bad(unicode ? "✘" : "x");
    }

    public String active() {
        return accent(unicode ? "●" : "*");
    }

    public String waiting() {
        return dim(unicode ? "○" : "-");
    }

    public String notice() {
        return warn(unicode ? "▲" : "!");
    }

    public String arrow() {
        return unicode ? "→" : "->";
    }

    public boolean unicode() {
        return unicode;
    }

    /** Lines as they may be shown, whoever's words are in them: a terminal finds nothing to obey but our colours. */
    public String plain(String lines) {
        if (!colour) {
            return PlainText.of(lines);
        }
        var out = new StringBuilder();
        var ours = COLOURS.matcher(lines);
        int at = 0;
        while (ours.find()) {
            out.append(PlainText.of(lines.substring(at, ours.start()))).append(ours.group());
            at = ours.end();
        }
        return out.append(PlainText.of(lines.substring(at))).toString();
    }

    /** Columns that a text takes, colours not counted. */
    public static int width(String text) {
        var plain = ESCAPES.matcher(text).replaceAll("");
        return plain.codePointCount(0, plain.length());
    }

    /** Fills up with spaces on the right. */
    public static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /** Fills up with spaces on the left. */
    public static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - width(text))) + text;
    }

    /** Cuts to so many columns; colours are closed. */
    public String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        var out = new StringBuilder();
        var escapes = ESCAPES.matcher(text);
        int columns = 0;
        int at = 0;
        while (at < text.length() && columns < width - 1) {
            if (escapes.find(at) && escapes.start() == at) {
                out.append(escapes.group());
                at = escapes.end();
                continue;
            }
            int point = text.codePointAt(at);
            out.appendCodePoint(point);
            at += Character.charCount(point);
            columns++;
        }
        return out.append(unicode ? "…" : ".").append(colour ? "\u001B[0m" : "").toString();
    }

    private String paint(String code, String text) {
        return colour && !text.isEmpty() ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
