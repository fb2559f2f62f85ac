package io.perigee.eventlog.postgres;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction. Used by the thread that opened it, until the block it was passed to ends.
 *
 * <p>Parameters are {@code $1, $2, …} and may be strings, numbers, booleans, {@code UUID}, {@code Instant},
 * {@code BigInteger} (for {@code numeric}), {@code byte[]} (for {@code bytea}), enums (by name), arrays of the first
 * kinds, or null. Write JSON as {@code $1::text::jsonb}.
 */
public interface Tx {
    /**
     * Runs a statement that returns rows.
     *
     * @throws SqlRefused when the database refuses it; the transaction can only be rolled back then
     * @throws io.perigee.eventlog.TryLater when the database is not there or out of time
     */
    List<Row> query(String sql, @Nullable Object... parameters);

    /** Runs a statement and returns the number of rows it changed; fails like {@link #query}. */
    int execute(String sql, @Nullable Object... parameters);

    /**
     * Runs a statement whose result nobody needs, without waiting for it: it is on its way before this returns, in order with
     * all others. When it fails, a later statement or the end of the transaction says so.
     */
    void later(String sql, @Nullable Object... parameters);

    /**
     * What this transaction gathers of a kind, made at its first use. It is written before the commit, kinds in the order of
     * their first use: rows of one kind then take one statement however many there are. Until then no statement sees them.
     */
    <G extends Gathering> G gathering(Class<G> kind, Supplier<G> fresh);

    /** Rows that are written together at the end of the transaction that gathered them. */
    interface Gathering {
        /** Writes them. Called once, before the commit; nothing may be gathered here. */
        void write(Tx tx);

        /** The transaction has committed. Not called when that is unknown. */
        default void committed() {}
    }

    /** The only row of an answer that has one at most. */
    default Optional<Row> queryOne(String sql, @Nullable Object... parameters) {
        var rows = query(sql, parameters);
        if (rows.size() > 1) {
            throw new IllegalStateException("Expected one row at most, but got " + rows.size());
        }
        return rows.stream().findFirst();
    }
}
