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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction on a Vert.x connection, or some statements there that only read and are none. */
final class ConnectionTx implements Tx {
    /** Waits for an answer of the database. */
    interface Waiting {
        <T> T await(Future<T> future);
    }

    private static final int MOST_ON_THEIR_WAY = 200;

    private final SqlConnection connection;
    private final Waiting waiting;
    private final List<Future<?>> onTheirWay = new ArrayList<>();
    private final Map<Class<?>, Gathering> gathered = new LinkedHashMap<>();
    private final boolean writes;
    private boolean open = true;
    private boolean ending;
    private @Nullable RuntimeException failure;

    ConnectionTx(SqlConnection connection, Waiting waiting) {
        this(connection, waiting, true);
    }

    private ConnectionTx(SqlConnection connection, Waiting waiting, boolean writes) {
        this.connection = connection;
        this.waiting = waiting;
        this.writes = writes;
    }

    /** For work that only reads, on a connection where no transaction was begun. */
    static ConnectionTx reading(SqlConnection connection, Waiting waiting) {
        return new ConnectionTx(connection, waiting, false);
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
        mustWrite();
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
        mustWrite();
        if (!open) {
            throw new IllegalStateException("Expected to use a transaction inside its block, but it has ended");
        }
        onTheirWay.add(connection.preparedQuery(sql).execute(tuple(parameters)));
        if (onTheirWay.size() >= MOST_ON_THEIR_WAY) {
            settle();
        }
    }

    @Override
    public <G extends Gathering> G gathering(Class<G> kind, Supplier<G> fresh) {
        mustWrite();
        if (!open || ending) {
            throw new IllegalStateException("Expected to gather inside the block of a transaction, but it has ended");
        }
        return kind.cast(gathered.computeIfAbsent(kind, _ -> fresh.get()));
    }

    private void mustWrite() {
        if (!writes) {
            throw new IllegalStateException("Expected only to read here, but something is to be written");
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

    /**
     * Writes what was gathered and ends the use of this transaction; fails when a statement failed, since PostgreSQL would
     * silently roll back.
     */
    void end() {
        ending = true;
        if (failure == null) {
            gathered.values().forEach(each -> each.write(this));
        }
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

    void committed() {
        gathered.values().forEach(Gathering::committed);
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
