package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which tokens of a row are learned. */
public enum LossOn {
    COMPLETIONS("completions"),
    ALL("all");

    private final String wire;

    LossOn(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
