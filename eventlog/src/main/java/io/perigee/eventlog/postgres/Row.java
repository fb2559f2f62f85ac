package io.perigee.eventlog.postgres;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row of an answer. Accessors fail on a missing column, and on null except where they return an Optional. */
public final class Row {
    private final io.vertx.sqlclient.Row row;

    Row(io.vertx.sqlclient.Row row) {
        this.row = row;
    }

    public String string(String column) {
        return present(column, row.getString(column));
    }

    public Optional<String> optionalString(String column) {
        return Optional.ofNullable(row.getString(column));
    }

    public long number(String column) {
        return present(column, row.getLong(column));
    }

    public Optional<Long> optionalNumber(String column) {
        return Optional.ofNullable(row.getLong(column));
    }

    public int integer(String column) {
        return present(column, row.getInteger(column));
    }

    public Optional<Integer> optionalInteger(String column) {
        return Optional.ofNullable(row.getInteger(column));
    }

    public boolean bool(String column) {
        return present(column, row.getBoolean(column));
    }

    public UUID uuid(String column) {
        return present(column, row.getUUID(column));
    }

    public Optional<UUID> optionalUuid(String column) {
        return Optional.ofNullable(row.getUUID(column));
    }

    /** A {@code timestamptz}. */
    public Instant instant(String column) {
        return present(column, row.getOffsetDateTime(column)).toInstant();
    }

    public Optional<Instant> optionalInstant(String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }

    /** A {@code numeric} without fraction. */
    public BigInteger bigInteger(String column) {
        return integer(present(column, row.get(Numeric.class, column)));
    }

    public Optional<BigInteger> optionalBigInteger(String column) {
        return Optional.ofNullable(row.get(Numeric.class, column)).map(Row::integer);
    }

    public byte[] bytes(String column) {
        return present(column, row.getBuffer(column)).getBytes();
    }

    public Optional<byte[]> optionalBytes(String column) {
        return Optional.ofNullable(row.getBuffer(column)).map(Buffer::getBytes);
    }

    /** A {@code json} or {@code jsonb} column as text: select it as {@code column::text}. */
    public String json(String column) {
        return string(column);
    }

    private static BigInteger integer(Numeric value) {
        return value.bigDecimalValue().toBigIntegerExact();
    }

    private static <T> T present(String column, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("Expected a value in column '" + column + "', but it is null");
        }
        return value;
    }
}
