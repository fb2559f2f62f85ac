package io.perigee.eventlog.postgres;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.TryLater;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on one service's schema, for blocking code on virtual threads. Safe for use by many threads; at most
 * the configured number of transactions run at once and the others wait for a connection.
 */
public final class Database implements AutoCloseable {
    /** Added to the server's statement timeout before a wait is given up: then the connection is dead. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int MAX_WAITING = 1_000;

    private final DatabaseSettings settings;
    private final Vertx vertx;
    private final PgConnectOptions options;
    private final Pool pool;

    public Database(DatabaseSettings settings) {
        this.settings = settings;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.options = connectOptions(settings);
        this.pool = PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(settings.connections())
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setIdleTimeout(60)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(options)
                .using(vertx)
                .build();
    }

    private static PgConnectOptions connectOptions(DatabaseSettings settings) {
        var options = new PgConnectOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setDatabase(settings.name())
                .setUser(settings.user())
                .setPassword(settings.password())
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(256);
        options.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
        options.setTcpKeepAlive(true);
        options.addProperty("application_name", "perigee-" + settings.schema());
        options.addProperty("search_path", settings.schema());
        options.addProperty(
                "statement_timeout", Long.toString(settings.statementTimeout().toMillis()));
        options.addProperty(
                "lock_timeout", Long.toString(settings.statementTimeout().toMillis()));
        options.addProperty("idle_in_transaction_session_timeout", "60000");
        return options;
    }

    public DatabaseSettings settings() {
        return settings;
    }

    /**
     * Runs the work in one transaction (READ COMMITTED): committed when it returns, rolled back when it throws.
     *
     * @throws TryLater when the database is not there, or its commit is unknown; the work may be run again
     */
    public <T extends @Nullable Object> T inTransaction(Function<Tx, T> work) {
        SqlConnection connection =
                await(pool.getConnection(), settings.connectTimeout().plus(GRACE));
        boolean returned = false;
        try {
            await(connection.query("BEGIN").execute());
            var tx = new ConnectionTx(connection, this::await);
            T result;
            try {
                result = work.apply(tx);
                tx.end();
            } catch (Throwable failure) {
                tx.close();
                rollBack(connection, failure);
                throw failure;
            }
            await(connection.query("COMMIT").execute());
            returned = true;
            tx.committed();
            return result;
        } finally {
            // a connection whose commit is unknown goes back too: if it is broken the pool notices and drops it
            var closing = connection.close();
            if (returned) {
                await(closing);
            }
        }
    }

    /** {@link #inTransaction} for work without a result. */
    public void transact(Consumer<Tx> work) {
        inTransaction(tx -> {
            work.accept(tx);
            return Boolean.TRUE;
        });
    }

    /**
     * Runs work that only reads, each statement by itself: what two of them see may be of different instants, as it may in a
     * transaction (READ COMMITTED), and nothing is locked. It costs a statement and not three.
     *
     * @throws TryLater when the database is not there
     */
    public <T extends @Nullable Object> T reading(Function<Tx, T> work) {
        SqlConnection connection =
                await(pool.getConnection(), settings.connectTimeout().plus(GRACE));
        var tx = ConnectionTx.reading(connection, this::await);
        boolean returned = false;
        try {
            var result = work.apply(tx);
            returned = true;
            return result;
        } finally {
            tx.close();
            var closing = connection.close();
            if (returned) {
                await(closing);
            }
        }
    }

    private void rollBack(SqlConnection connection, Throwable failure) {
        try {
            await(connection.query("ROLLBACK").execute());
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Calls {@code wake} whenever a notification arrives on the channel, and after every (re)connection, because
     * notifications of the time between are lost. It is called on an event loop: it must not block.
     */
    public AutoCloseable listen(String channel, Runnable wake) {
        return new Listener(vertx, options, channel, wake);
    }

    /** A connection of its own, outside the pool. */
    Future<PgConnection> connect() {
        return PgConnection.connect(vertx, options);
    }

    private <T> T await(Future<T> future) {
        return await(future, settings.statementTimeout().plus(GRACE));
    }

    private static <T> T await(Future<T> future, Duration timeout) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw DatabaseFault.of(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new TryLater("The database did not answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting for the database", e);
        }
    }

    /** Whether the database answers at all. */
    public boolean reachable() {
        try {
            return inTransaction(tx -> tx.query("SELECT 1").size() == 1);
        } catch (TryLater e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            await(pool.close(), GRACE);
        } finally {
            await(vertx.close(), GRACE);
        }
    }
}
