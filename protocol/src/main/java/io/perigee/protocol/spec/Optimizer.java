package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What turns gradients into steps. */
public enum Optimizer {
    ADAMW("adamw"),
    ADAMW8BIT("adamw8bit");

    private final String wire;

    Optimizer(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
