package io.perigee.settlement.testing;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.postgres.PostgresServer;

/** An empty, migrated database for one test. */
public final class Tables {
    private Tables() {}

    public static Database fresh() {
        var server = TestServers.postgres();
        var settings = new DatabaseSettings(
                "127.0.0.1",
                server.port(),
                server.newDatabase(),
                "settlement",
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Migrations.run(settings, "classpath:db/migration/settlement");
        return new Database(settings);
    }
}
