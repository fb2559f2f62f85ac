package io.perigee.benchmarks.durable;

import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes what a run was spent on: the database's statements ({@code statements.txt}) and the threads of each process
 * ({@code threads.txt}). It costs something itself, so numbers of a recorded run are not those to compare.
 */
final class Recording {
    /** What PostgreSQL must be started with. */
    static final List<String> SETTINGS =
            List.of("shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all");

    private static final int QUERY_SHOWN = 160;
    private static final int TICK_MICROS = 10_000;

    private static final String STATEMENTS = """
      SELECT calls, rows, total_exec_time * 1000 AS micros, wal_bytes, regexp_replace(query, '\\s+', ' ', 'g') AS query
      FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ?)
      ORDER BY total_exec_time DESC LIMIT 80""";

    private final Path directory;
    private final PostgresServer postgres;
    private final String database;
    private final Map<String, Child> processes;
    private Map<String, Long> ticks = Map.of();

    Recording(Path directory, PostgresServer postgres, String database, Map<String, Child> processes) {
        this.directory = directory;
        this.postgres = postgres;
        this.database = database;
        this.processes = Map.copyOf(processes);
    }

    void begin() {
        query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        query("SELECT pg_stat_statements_reset()");
        ticks = ticks();
    }

    /** Ends with the row that is named. */
    void end(String what, int jobs) {
        try {
            append("statements.txt", what, statements(jobs));
            append("threads.txt", what, threads(jobs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(String file, String what, List<String> lines) throws IOException {
        Files.createDirectories(directory);
        var all = new ArrayList<String>();
        all.add("# " + what);
        all.addAll(lines);
        all.add("");
        var path = directory.resolve(file);
        var before = Files.exists(path) ? Files.readAllLines(path) : List.<String>of();
        all.addAll(0, before);
        Files.write(path, all);
    }

    private List<String> statements(int jobs) {
        var lines = new ArrayList<String>();
        lines.add("calls a job | rows a job | µs a job | WAL bytes a job | statement");
        double calls = 0;
        double micros = 0;
        double wal = 0;
        try (var connection = postgres.connect(database);
                var statement = connection.prepareStatement(STATEMENTS)) {
            statement.setString(1, database);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    calls += rows.getDouble("calls");
                    micros += rows.getDouble("micros");
                    wal += rows.getDouble("wal_bytes");
                    var query = rows.getString("query");
                    lines.add(String.format(
                            Locale.ROOT,
                            "%7.2f %7.2f %8.1f %8.0f  %s",
                            rows.getDouble("calls") / jobs,
                            rows.getDouble("rows") / jobs,
                            rows.getDouble("micros") / jobs,
                            rows.getDouble("wal_bytes") / jobs,
                            query.substring(0, Math.min(QUERY_SHOWN, query.length()))));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        lines.add(String.format(
                Locale.ROOT, "%7.2f         %8.1f %8.0f  all of these", calls / jobs, micros / jobs, wal / jobs));
        return lines;
    }

    private List<String> threads(int jobs) {
        var lines = new ArrayList<String>();
        lines.add("µs a job | process and thread");
        ticks().entrySet().stream()
                .map(each -> Map.entry(each.getKey(), each.getValue() - ticks.getOrDefault(each.getKey(), 0L)))
                .filter(each -> each.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(each -> lines.add(String.format(
                        Locale.ROOT, "%8.1f  %s", each.getValue() * (double) TICK_MICROS / jobs, each.getKey())));
        return lines;
    }

    private Map<String, Long> ticks() {
        var all = new TreeMap<String, Long>();
        processes.forEach((name, child) -> {
            try (var tasks = Files.list(Path.of("/proc", Long.toString(child.pid()), "task"))) {
                for (var task : tasks.toList()) {
                    var text = Files.readString(task.resolve("stat"));
                    var thread = text.substring(text.indexOf('(') + 1, text.lastIndexOf(')'))
                            .replaceAll("[0-9]+", "N");
                    var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                    all.merge(
                            name + " / " + thread, Long.parseLong(fields[11]) + Long.parseLong(fields[12]), Long::sum);
                }
            } catch (IOException gone) {
                all.merge(name + " / gone", 0L, Long::sum);
            }
        });
        return all;
    }

    private void query(String sql) {
        try (var connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
