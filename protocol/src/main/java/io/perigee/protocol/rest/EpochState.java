package io.perigee.protocol.rest;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where an epoch stands. */
public enum EpochState {
    /** Its lines are fixed; its post is on the way. */
    BUILDING("building"),
    /** On the chain; anybody may look at it, and demand lines. */
    POSTED("posted"),
    /** Some line or order was demanded: it is final W later, if all is answered. */
    DEMANDED("demanded"),
    /** Final, and the owners have their credits. */
    SETTLED("settled"),
    /** Proven false, unanswered, or never posted: its jobs are paid one by one. */
    VOID("void");

    private final String wire;

    EpochState(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
