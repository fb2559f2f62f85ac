package io.perigee.benchmarks.durable;

import io.perigee.protocol.crypto.Keystore;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Jvm;
import io.perigee.testkit.process.Ports;
import io.perigee.testkit.sample.Parties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Front door, scheduler, PostgreSQL and a broker, each a process of its own, PostgreSQL with {@code fsync}. Settlement and
 * chain are not among them: what they would say is said by the program that measures.
 */
final class DurableStack implements AutoCloseable {
    static final String IMAGE = "sha256:" + "5".repeat(64);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path home = Directories.temporary("perigee-durable-");
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Map<String, CpuMeter> meters = new LinkedHashMap<>();
    private final PostgresServer postgres;
    private final Broker broker;
    private final String database;
    private final int apiPort = Ports.free();
    private final int apiOperationsPort = Ports.free();
    private final int operationsPort = Ports.free();
    private final Map<String, Child> processes;
    private final Optional<Recording> recording;

    /**
     * @param root the checkout, built
     * @param acceptTimeout how long a provider has to take an assignment
     * @param recordings where the services write what they did (JFR); empty for nowhere
     */
    DurableStack(Path root, Duration acceptTimeout, Optional<Path> recordings) {
        try {
            var settings = new ArrayList<>(
                    List.of("fsync=on", "full_page_writes=on", "shared_buffers=512MB", "max_wal_size=4GB"));
            if (recordings.isPresent()) {
                settings.addAll(Recording.SETTINGS);
                Files.createDirectories(recordings.get());
            }
            postgres = keep(PostgresServer.start(settings));
            meters.put("postgres", CpuMeter.of("postgres", postgres.child()));
            database = postgres.newDatabase();
            broker = keep(Broker.start(List.of("-XX:TieredStopAtLevel=4", "-Xmx512m", Compilation.KEEP_THREADS)));
            meters.put("broker", CpuMeter.of("broker", broker.child()));
            var api = start(
                    "api",
                    root.resolve("marketplace-api/target/quarkus-app/quarkus-run.jar"),
                    1_024,
                    api(),
                    recordings);
            var scheduler = start(
                    "scheduler",
                    jar(root.resolve("scheduler/target"), "perigee-scheduler"),
                    1_024,
                    scheduler(acceptTimeout),
                    recordings);
            awaitHttp(api, apiOperationsPort, "/health/ready");
            awaitHttp(scheduler, operationsPort, "/health/ready");
            processes = Map.of("api", api, "scheduler", scheduler, "broker", broker.child());
            recording = recordings.map(directory -> new Recording(directory, postgres, database, processes));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    URI api(String path) {
        return URI.create("http://127.0.0.1:" + apiPort + path);
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    /** Processor time so far, by process. */
    Map<String, Long> cpu() {
        var now = new LinkedHashMap<String, Long>();
        meters.forEach((name, meter) -> now.put(name, meter.nanos()));
        return now;
    }

    /** Processor time of the JVMs' compilers so far. */
    long compilation() {
        return processes.values().stream().mapToLong(Compilation::nanos).sum();
    }

    /** The only number a query gives. */
    long count(String sql) {
        try (var connection = postgres.connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a run is written to; empty when it is not. */
    Optional<Recording> recording() {
        return recording;
    }

    String way() {
        return Objects.requireNonNull(meters.get("postgres")).way();
    }

    private Map<String, String> common() {
        var values = new LinkedHashMap<String, String>();
        values.put("perigee.database.host", "127.0.0.1");
        values.put("perigee.database.port", Integer.toString(postgres.port()));
        values.put("perigee.database.name", database);
        values.put("perigee.database.user", PostgresServer.USER);
        values.put("perigee.database.password", PostgresServer.PASSWORD);
        values.put("perigee.kafka.bootstrap", broker.bootstrap());
        values.put("perigee.hub.address", Parties.HUB.address().value());
        values.put("perigee.chain.id", Long.toString(Parties.DOMAIN.chainId()));
        values.put("perigee.chain.escrow", Parties.DOMAIN.escrow().value());
        values.put("perigee.chain.registry", "0x00000000000000000000000000000000000000b0");
        values.put("perigee.chain.epochs", "0x00000000000000000000000000000000000000e0");
        values.put("perigee.chain.token", Parties.TOKEN.value());
        values.put("perigee.chain.window", "60");
        values.put("perigee.chain.max-order", "86400");
        return values;
    }

    private Map<String, String> api() throws IOException {
        var archive = Files.writeString(home.resolve("strict.tar"), "stands for a docker-archive; nobody runs it here");
        var values = common();
        values.put("quarkus.http.host", "127.0.0.1");
        values.put("quarkus.http.port", Integer.toString(apiPort));
        values.put("quarkus.management.host", "127.0.0.1");
        values.put("quarkus.management.port", Integer.toString(apiOperationsPort));
        values.put("perigee.chain.rpc-url", "http://127.0.0.1:1");
        values.put("perigee.api.check-registry", "false");
        values.put("perigee.api.artifacts.dir", home.resolve("artifacts").toString());
        values.put("perigee.api.artifacts.builder-reserve", "1G");
        values.put("perigee.api.trainers.strict.archive", archive.toString());
        values.put("perigee.api.trainers.strict.image", IMAGE);
        for (var limit : List.of(
                "requests-per-minute",
                "sign-ins-per-minute",
                "batch-jobs-per-minute",
                "reports-per-minute",
                "log-ins-per-minute")) {
            values.put("perigee.api.limits." + limit, "100000000");
        }
        return values;
    }

    private Map<String, String> scheduler(Duration acceptTimeout) throws IOException {
        var key = home.resolve("hub-key.json");
        var password = home.resolve("hub-key.password");
        Files.write(key, Keystore.write(Parties.HUB, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(password, "secret\n");
        var values = common();
        values.put("perigee.scheduler.hub-key-file", key.toString());
        values.put("perigee.scheduler.hub-key-password-file", password.toString());
        values.put("perigee.scheduler.ops-port", Integer.toString(operationsPort));
        values.put("perigee.scheduler.accept-timeout", acceptTimeout.toSeconds() + "s");
        return values;
    }

    private Child start(String name, Path jar, int megabytes, Map<String, String> values, Optional<Path> recordings) {
        var words = new ArrayList<>(List.of(
                Jvm.program(),
                "-XX:+UseSerialGC",
                Compilation.KEEP_THREADS,
                "-Xms" + megabytes + "m",
                "-Xmx" + megabytes + "m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        recordings.ifPresent(directory -> words.add("-XX:StartFlightRecording=settings=profile,filename="
                + directory.resolve(name + ".jfr").toAbsolutePath()));
        values.forEach((key, value) -> words.add("-D" + key + "=" + value));
        words.addAll(List.of("-jar", jar.toString()));
        var child = Child.start(new Child.Command(name, words, home.resolve(name + ".log")).dyingBy("TERM"));
        keep(() -> child.stop(Duration.ofSeconds(30)));
        meters.put(name, CpuMeter.of(name, child));
        return child;
    }

    private static Path jar(Path target, String artifact) throws IOException {
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(artifact + "(-[0-9][^/]*)?\\.jar"))
                    .filter(file -> !file.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("Expected a built " + artifact + " in " + target));
        }
    }

    private static void awaitHttp(Child child, int port, String path) {
        Await.until(
                PATIENCE,
                () -> {
                    if (!child.alive()) {
                        throw new IllegalStateException(child.name() + " ended:\n" + child.logTail(20));
                    }
                    if (!Ports.open(port)) {
                        return false;
                    }
                    var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path)
                            .toURL()
                            .openConnection();
                    return connection.getResponseCode() == 200;
                },
                () -> "Expected 200 of %s on port %d, but it did not come:\n%s"
                        .formatted(path, port, child.logTail(20)));
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    @Override
    public void close() {
        for (var part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("Expected to stop a part, but: " + e);
            }
        }
        meters.values().forEach(CpuMeter::close);
        Directories.delete(home);
    }
}
