package io.perigee.protocol.message;

import io.perigee.protocol.error.InvalidValue;

/** The unsigned numbers of signed messages. Perigee uses no value above the signed range of the Java type. */
final class Unsigned {
    private Unsigned() {}

    static void require(String name, long value) {
        if (value < 0) {
            throw InvalidValue.reading(name, Long.toString(value), "it is negative");
        }
    }

    static void requireByte(String name, int value) {
        if (value < 0 || value > 255) {
            throw InvalidValue.reading(name, Integer.toString(value), "it is outside 0 to 255");
        }
    }
}
