package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** The number format of training. */
public enum Dtype {
    FLOAT32("float32"),
    BFLOAT16("bfloat16");

    private final String wire;

    Dtype(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
