package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Database;
import java.time.Duration;
import java.util.Optional;

/** When all was last heard, by the database's clock, which all schedulers share. */
public final class PostgresHeard {
    private static final String NOTE = """
      INSERT INTO heard (at) VALUES (clock_timestamp())
      ON CONFLICT (one) DO UPDATE SET at = excluded.at WHERE heard.at < excluded.at
      """;

    private final Database database;

    public PostgresHeard(Database database) {
        this.database = database;
    }

    /** How long ago that was; empty when it never was. */
    public Optional<Duration> since() {
        return database.reading(tx -> tx.queryOne(
                        "SELECT (extract(epoch FROM clock_timestamp() - at) * 1000)::bigint AS millis FROM heard"))
                .map(row -> Duration.ofMillis(Math.max(0, row.number("millis"))));
    }

    public void note() {
        database.transact(tx -> tx.execute(NOTE));
    }
}
