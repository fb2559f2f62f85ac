package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** The quantised forms a result can also be written in. */
public enum GgufFormat {
    Q8_0("q8_0"),
    Q4_0("q4_0"),
    Q5_1("q5_1");

    private final String wire;

    GgufFormat(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
