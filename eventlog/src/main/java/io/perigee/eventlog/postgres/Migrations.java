package io.perigee.eventlog.postgres;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.TryLater;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywaySqlException;

/** Brings a service's schema up to date: the log's own tables, then the service's. */
public final class Migrations {
  /** Where the log's own migrations are: versions below 1. Services' start at 1. */
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
      Flyway.configure()
          .dataSource(settings.jdbcUrl() + "?connectTimeout=5&socketTimeout=120", settings.user(), settings.password())
          .schemas(settings.schema())
          .defaultSchema(settings.schema())
          .createSchemas(true)
          .locations(LOCATION, location)
          // the log may gain a 0.x migration after a service's 1 has run
          .outOfOrder(true)
          .connectRetries(0)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywaySqlException e) {
      throw new TryLater("Expected to migrate the schema '" + settings.schema() + "', but " + e.getMessage(), e);
    }
  }
}
