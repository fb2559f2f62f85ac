package io.perigee.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.error.InvalidValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;

/**
 * RFC 8785: one spelling for one document, so that equal content has equal hashes in every language.
 *
 * <p>Numbers are integers of at most 2^53-1 in magnitude: the RFC's number format is exact for them and Perigee writes
 * everything else as text. Keys are sorted by UTF-16 code units.
 */
public final class CanonicalJson {
    private static final long MAX_SAFE = (1L << 53) - 1;

    private CanonicalJson() {}

    /** @throws InvalidValue for floats, numbers beyond 2^53-1 and unpaired surrogates */
    public static byte[] bytes(Object value) {
        var out = new StringBuilder();
        write(value instanceof JsonNode node ? node : Json.tree(value), out);
        var bytes = new ByteArrayOutputStream(out.length() + 16);
        bytes.writeBytes(out.toString().getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node, out);
            case ARRAY -> writeArray(node, out);
            case STRING -> writeText(node.textValue(), out);
            case NUMBER -> writeNumber(node, out);
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL -> out.append("null");
            case BINARY, MISSING, POJO ->
                throw new IllegalArgumentException("Expected to write canonical JSON, but got " + node.getNodeType());
        }
    }

    private static void writeObject(JsonNode node, StringBuilder out) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            writeText(names.get(i), out);
            out.append(':');
            write(node.get(names.get(i)), out);
        }
        out.append('}');
    }

    private static void writeArray(JsonNode node, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(node.get(i), out);
        }
        out.append(']');
    }

    private static void writeNumber(JsonNode node, StringBuilder out) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || Math.abs(node.longValue()) > MAX_SAFE) {
            throw new InvalidValue(
                    "Expected to write a whole number of at most 2^53-1, but got " + node + "; write it as text");
        }
        out.append(node.longValue());
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else if (Character.isSurrogate(c)) {
                        i = writePair(text, i, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static int writePair(String text, int at, StringBuilder out) {
        char high = text.charAt(at);
        if (!Character.isHighSurrogate(high)
                || at + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(at + 1))) {
            throw new InvalidValue("Expected to write text as UTF-8, but it holds an unpaired surrogate");
        }
        out.append(high).append(text.charAt(at + 1));
        return at + 1;
    }
}
