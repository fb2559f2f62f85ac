package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What the loss measures: the likelihood of the data, or a preference between two answers. */
public enum Objective {
    SFT("sft"),
    DPO("dpo");

    private final String wire;

    Objective(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
