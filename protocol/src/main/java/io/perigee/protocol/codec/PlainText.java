package io.perigee.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.IntPredicate;

/**
 * A stranger's words, fit to be shown: without what a terminal obeys (ESC, CR, the C1 controls), and without what turns the
 * direction of reading, by which one text looks like another. One character stands for each, so no text gets longer.
 */
public final class PlainText {
    private static final int INSTEAD = 0xFFFD;

    private PlainText() {}

    /** Ends of lines and tabs stay; U+FFFD stands for the rest. */
    public static String of(String text) {
        return replaced(text, c -> isObeyed(c) && !isLayout(c), INSTEAD);
    }

    /** The same for a place that has one line: a space stands for each, ends of lines and tabs too. */
    public static String line(String text) {
        return replaced(text, PlainText::isObeyed, ' ');
    }

    /** The same document with every name and text of it on one line. */
    public static JsonNode lines(JsonNode document) {
        return switch (document) {
            case TextNode text -> TextNode.valueOf(line(text.textValue()));
            case ObjectNode fields -> {
                var clean = JsonNodeFactory.instance.objectNode();
                fields.properties().forEach(field -> clean.set(line(field.getKey()), lines(field.getValue())));
                yield clean;
            }
            case ArrayNode items -> {
                var clean = JsonNodeFactory.instance.arrayNode();
                items.forEach(item -> clean.add(lines(item)));
                yield clean;
            }
            default -> document;
        };
    }

    private static String replaced(String text, IntPredicate bad, int instead) {
        if (text.codePoints().noneMatch(bad)) {
            return text;
        }
        return text.codePoints()
                .map(c -> bad.test(c) ? instead : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isLayout(int c) {
        return c == '\n' || c == '\t';
    }

    private static boolean isObeyed(int c) {
        return Character.isISOControl(c) || isTurning(c) || isHalf(c);
    }

    /** Embeddings, overrides and isolates of the bidirectional algorithm (Unicode annex 9), and their ends. */
    private static boolean isTurning(int c) {
        return c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }

    /** Of a surrogate pair: no character, so an encoder may write anything. */
    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
