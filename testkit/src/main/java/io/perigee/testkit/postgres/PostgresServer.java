package io.perigee.testkit.postgres;

import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.NotReady;
import io.perigee.testkit.process.Patience;
import io.perigee.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on a loopback port: user {@code postgres}, any password.
 *
 * <p>For development and tests only: it trusts every local user and does not sync to disk.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "postgres";
    public static final String PASSWORD = "postgres";

    private static final int MOST_TRIES = 40;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);
    private static final int LOG_LINES = 5;

    private final Path binaries;
    private final Path home;
    private final boolean temporary;
    private final int port;
    private final List<String> settings;
    private @Nullable Child child;

    private PostgresServer(Path binaries, Path home, boolean temporary, int port, List<String> settings) {
        this.binaries = binaries;
        this.home = home;
        this.temporary = temporary;
        this.port = port;
        this.settings = List.copyOf(settings);
    }

    /** Starts a server on a free port whose data directory is deleted when it is closed. */
    public static PostgresServer start() {
        return start(List.of());
    }

    /** The same with settings of its own, {@code name=value}, which come instead of those of this class. */
    public static PostgresServer start(List<String> settings) {
        return create(Directories.temporary("perigee-postgres-"), true, Ports.free(), settings)
                .startProcess();
    }

    /** Starts a server whose data stays in {@code home}; only the first start runs initdb. */
    public static PostgresServer start(Path home, int port) {
        return create(home.toAbsolutePath(), false, port, List.of()).startProcess();
    }

    private static PostgresServer create(Path home, boolean temporary, int port, List<String> settings) {
        return new PostgresServer(PostgresBinaries.unpack(Directories.cache()), home, temporary, port, settings);
    }

    private PostgresServer startProcess() {
        try {
            Path data = home.resolve("data");
            Path log = home.resolve("postgres.log");
            Files.createDirectories(home);
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialise(data, log);
            }
            // a server that was killed leaves its pid file, and the number may belong to another process by now
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            var words = asUnprivileged(binaries.resolve("bin/postgres").toString());
            words.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
            for (String setting : List.of(
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "fsync=off",
                    "full_page_writes=off",
                    "max_connections=200",
                    "shared_buffers=48MB",
                    "max_wal_size=256MB",
                    "autovacuum_naptime=60s",
                    "log_checkpoints=off")) {
                words.add("-c");
                words.add(setting);
            }
            for (String setting : settings) {
                // the last word about a setting counts
                words.add("-c");
                words.add(setting);
            }
            startOnceTheOldIsGone(new Child.Command("postgres", words, log).dyingBy("QUIT"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to start PostgreSQL in " + home + ", but " + e.getMessage(), e);
        }
    }

    /** The backends of a server that was killed end a moment after it, and hold its memory until then. */
    private void startOnceTheOldIsGone(Child.Command command) {
        for (int left = MOST_TRIES; ; left--) {
            child = Child.start(command);
            try {
                awaitReady();
                return;
            } catch (NotReady e) {
                if (left == 0 || !process().logTail(LOG_LINES).contains("pre-existing shared memory block")) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    /** Under another name until it is whole: a start that is cut off leaves nothing that the next one takes for it. */
    private void initialise(Path data, Path log) throws IOException {
        var fresh = data.resolveSibling(data.getFileName() + ".new");
        Directories.delete(fresh);
        var words = asUnprivileged(binaries.resolve("bin/initdb").toString());
        words.addAll(List.of(
                "-D",
                fresh.toString(),
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions"));
        Child initdb = Child.start(new Child.Command("initdb", words, log));
        if (!initdb.awaitEnd(Patience.start()) || initdb.exitStatus() != 0) {
            initdb.kill();
            Directories.delete(fresh);
            throw new IOException("initdb failed:\n" + initdb.logTail(20));
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is. */
    private static List<String> asUnprivileged(String program) {
        var words = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            words.addAll(List.of("unshare", "-U"));
        }
        words.add(program);
        return words;
    }

    private void awaitReady() {
        process().awaitReady(Patience.start(), () -> {
            try (Connection connection = connect("postgres")) {
                return connection.isValid(1);
            }
        });
    }

    private Child process() {
        if (child == null) {
            throw new IllegalStateException("PostgreSQL is not running");
        }
        return child;
    }

    public int port() {
        return port;
    }

    public Child child() {
        return process();
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A plain connection, for looking at what a test did. */
    public Connection connect(String database) throws SQLException {
        var properties = new java.util.Properties();
        properties.put("user", USER);
        properties.put("password", PASSWORD);
        properties.put("connectTimeout", "2");
        properties.put("socketTimeout", "30");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Creates an empty database; one that is there under the same name is dropped first. */
    public String newDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,50}")) {
            throw new IllegalArgumentException("Expected a plain database name, but got '" + name + "'");
        }
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + name);
            return name;
        } catch (SQLException e) {
            throw new IllegalStateException("Expected to create the database '" + name + "', but " + e.getMessage(), e);
        }
    }

    /** Creates an empty database with a name nobody else uses. */
    public String newDatabase() {
        return newDatabase("t" + Long.toString(System.nanoTime(), 36).toLowerCase(Locale.ROOT));
    }

    /** {@code kill -9} of the server and all its backends. */
    public void kill() {
        process().kill();
    }

    /** Starts it again on the same port and data. */
    public void restart() {
        if (process().alive()) {
            stop();
        }
        startProcess();
    }

    /** Stops it, cutting open connections, and keeps the data. */
    public void stop() {
        Child running = process();
        if (running.alive()) {
            running.signal("INT");
            if (!running.awaitEnd(Duration.ofSeconds(10))) {
                running.kill();
            }
        }
    }

    @Override
    public void close() {
        stop();
        if (temporary) {
            Directories.delete(home);
        }
    }
}
