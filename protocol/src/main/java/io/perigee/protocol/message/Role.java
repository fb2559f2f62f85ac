package io.perigee.protocol.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;

/** What an assigned provider does; the code stands in signed messages. */
public enum Role {
    REPLICA(0),
    AUDITOR(1);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    @JsonValue
    public int code() {
        return code;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Role ofCode(int code) {
        return switch (code) {
            case 0 -> REPLICA;
            case 1 -> AUDITOR;
            default -> throw new InvalidValue("Expected to read a role 0 or 1, but got " + code);
        };
    }
}
