package io.perigee.eventlog.postgres;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction on a Vert.x connection. */
final class ConnectionTx implements Tx {
    /** Waits for an answer of the database. */
    interface Waiting {
        <T> T await(Future<T> future);
    }

    private static final int MOST_ON_THEIR_WAY = 200;

    private final SqlConnection connection;
    private final Waiting waiting;
    private final List<Future<?>> onTheirWay = new ArrayList<>();
    private boolean open = true;
    private @Nullable RuntimeException failure;

    ConnectionTx(SqlConnection connection, Waiting waiting) {
        this.connection = connection;
        this.waiting = waiting;
    }

    @Override
    public List<Row> query(String sql, @Nullable Object... parameters) {
        var rows = new ArrayList<Row>();
        for (var row : run(sql, parameters)) {
            rows.add(new Row(row));
        }
        return rows;
    }

    @Override
    public int execute(String sql, @Nullable Object... parameters) {
        return run(sql, parameters).rowCount();
    }

    private RowSet<io.vertx.sqlclient.Row> run(String sql, @Nullable Object... parameters) {
        if (!open) {
            throw new IllegalStateException("Expected to use a transaction inside its block, but it has ended");
        }
        try {
            return waiting.await(connection.preparedQuery(sql).execute(tuple(parameters)));
        } catch (RuntimeException e) {
            // after one that failed PostgreSQL refuses every other: the first is the reason
            settle();
            failure = e;
            throw e;
        }
    }

    @Override
    public void later(String sql, @Nullable Object... parameters) {
        if (!open) {
            throw new IllegalStateException("Expected to use a transaction inside its block, but it has ended");
        }
        onTheirWay.add(connection.preparedQuery(sql).execute(tuple(parameters)));
        if (onTheirWay.size() >= MOST_ON_THEIR_WAY) {
            settle();
        }
    }

    private void settle() {
        try {
            onTheirWay.forEach(waiting::await);
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            onTheirWay.clear();
        }
    }

    /** Ends the use of this transaction; fails when a statement failed, since PostgreSQL would silently roll back. */
    void end() {
        settle();
        close();
        if (failure != null) {
            throw new IllegalStateException(
                    "Expected to commit, but a statement of this transaction had failed", failure);
        }
    }

    void close() {
        open = false;
    }

    private static Tuple tuple(@Nullable Object... parameters) {
        var tuple = Tuple.tuple();
        for (Object parameter : parameters) {
            tuple.addValue(sqlValue(parameter));
        }
        return tuple;
    }

    private static @Nullable Object sqlValue(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case BigInteger number -> Numeric.create(number);
            case byte[] bytes -> Buffer.buffer(bytes);
            case Enum<?> constant -> constant.name();
            case Instant[] instants ->
                Arrays.stream(instants)
                        .map(each -> each == null ? null : each.atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new);
            case BigInteger[] numbers ->
                Arrays.stream(numbers)
                        .map(each -> each == null ? null : Numeric.create(each))
                        .toArray(Numeric[]::new);
            case byte[][] values ->
                Arrays.stream(values)
                        .map(each -> each == null ? null : Buffer.buffer(each))
                        .toArray(Buffer[]::new);
            default -> value;
        };
    }
}
