package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which weights are trained, and how. {@code qlora} freezes the base in nf4 with double quantisation; {@code full} has no adapter. */
public enum MethodKind {
    LORA("lora"),
    RSLORA("rslora"),
    DORA("dora"),
    QLORA("qlora"),
    FULL("full");

    private final String wire;

    MethodKind(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
