package io.perigee.eventlog.postgres;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.TryLater;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywaySqlException;

/** Brings a service's schema up to date: the log's own tables, then the service's. */
public final class Migrations {
    /** Where the log's own migrations are. */
    public static final String LOCATION = "classpath:io/perigee/eventlog/migration";

    private Migrations() {}

    /**
     * Creates the schema when it is missing, and runs what has not run. Safe when several instances start at once.
     *
     * @param location the service's migrations, for example {@code classpath:db/migration/scheduler}
     * @throws TryLater when the database is not there
     * @throws FlywayValidateException when a migration that has run was changed
     */
    public static void run(DatabaseSettings settings, String location) {
        try {
            // two histories, so that either side can gain migrations without regard to the other's numbers
            configure(settings, LOCATION).table("eventlog_history").load().migrate();
            configure(settings, location)
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywaySqlException e) {
            throw new TryLater("Expected to migrate the schema '" + settings.schema() + "', but " + e.getMessage(), e);
        }
    }

    private static FluentConfiguration configure(DatabaseSettings settings, String location) {
        return Flyway.configure()
                .dataSource(
                        settings.jdbcUrl() + "?connectTimeout=5&socketTimeout=120",
                        settings.user(),
                        settings.password())
                .schemas(settings.schema())
                .defaultSchema(settings.schema())
                .createSchemas(true)
                .locations(location)
                .connectRetries(0)
                .loggers("slf4j");
    }
}
