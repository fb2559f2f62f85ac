package io.perigee.protocol.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.perigee.protocol.error.InvalidValue;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The id of a job: a UUID of version 7, so that ids sort by the time they were made. */
public record JobId(UUID value) implements Comparable<JobId> {
    public JobId {
        if (value.version() != 7 || value.variant() != 2) {
            throw InvalidValue.reading("a job id", value.toString(), "it is not a UUID of version 7");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static JobId parse(String text) {
        if (text.length() != 36) {
            throw InvalidValue.reading("a job id", text, "it is not a UUID of 36 characters");
        }
        UUID value;
        try {
            value = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw InvalidValue.reading("a job id", text, "it is not a UUID");
        }
        return new JobId(value);
    }

    /** Reads the form that stands in signed messages and on chain. */
    public static JobId ofBytes32(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != 32 || buffer.getLong(16) != 0 || buffer.getLong(24) != 0) {
            throw new InvalidValue("Expected to read a job id from 16 bytes and 16 zero bytes, but got something else");
        }
        return new JobId(new UUID(buffer.getLong(0), buffer.getLong(8)));
    }

    /** The UUID's 16 bytes, then 16 zero bytes. */
    public byte[] bytes32() {
        return ByteBuffer.allocate(32)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    @Override
    public int compareTo(JobId other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
