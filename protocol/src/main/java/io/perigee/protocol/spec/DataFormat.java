package io.perigee.protocol.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the rows of a dataset are written; {@code auto} is found by looking at the first rows. */
public enum DataFormat {
    AUTO("auto"),
    PROMPT("prompt"),
    MESSAGES("messages"),
    SHAREGPT("sharegpt"),
    ALPACA("alpaca"),
    /** Rows as {@link #ALPACA}'s, written as the prompt that Stanford Alpaca was trained on and not as a chat. */
    ALPACA_INSTRUCT("alpaca-instruct"),
    TEXT("text"),
    PREFERENCE("preference");

    private final String wire;

    DataFormat(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
