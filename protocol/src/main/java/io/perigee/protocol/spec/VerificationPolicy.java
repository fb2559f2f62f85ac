package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the hub proves that the work was done. */
public enum VerificationPolicy {
    REPLICATE("replicate"),
    AUDIT("audit"),
    FULL_AUDIT("full-audit");

    private final String wire;

    VerificationPolicy(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
