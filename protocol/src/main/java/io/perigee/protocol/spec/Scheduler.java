package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the learning rate moves after the warm-up. */
public enum Scheduler {
    CONSTANT("constant"),
    LINEAR("linear"),
    COSINE("cosine");

    private final String wire;

    Scheduler(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
