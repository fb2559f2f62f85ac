package io.perigee.protocol.id;

import io.perigee.protocol.error.InvalidValue;
import java.util.HexFormat;

/** The one reader of "0x" and a fixed number of hex digits. */
final class FixedHex {
    private static final HexFormat HEX = HexFormat.of();

    private FixedHex() {}

    /** Returns the text when it is canonical: "0x" and exactly {@code bytes} bytes of lower-case hex. */
    static String require(String what, int bytes, String text) {
        if (text.length() != 2 + 2 * bytes) {
            throw InvalidValue.reading(
                    what, text, "it has %d characters instead of %d".formatted(text.length(), 2 + 2 * bytes));
        }
        if (!text.startsWith("0x")) {
            throw InvalidValue.reading(what, text, "it does not start with 0x");
        }
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                throw InvalidValue.reading(what, text, "it holds something other than the digits 0-9 and a-f");
            }
        }
        return text;
    }

    static String of(String what, int bytes, byte[] value) {
        if (value.length != bytes) {
            throw new InvalidValue("Expected to make %s of %d bytes, but got %d".formatted(what, bytes, value.length));
        }
        return "0x" + HEX.formatHex(value);
    }

    static byte[] bytes(String value) {
        return HEX.parseHex(value, 2, value.length());
    }
}
