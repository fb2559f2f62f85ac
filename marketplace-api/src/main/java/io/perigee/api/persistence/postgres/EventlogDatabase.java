package io.perigee.api.persistence.postgres;

import io.perigee.api.settings.Settings;
import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.postgres.Database;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The same schema for the blocking code on virtual threads: the projection, the gateway and the outbox relay. */
final class EventlogDatabase {
    static final String SCHEMA = "api";

    @Produces
    @Singleton
    DatabaseSettings settings(Settings settings) {
        var database = settings.database();
        return new DatabaseSettings(
                database.host(), database.port(), database.name(), SCHEMA, database.user(), database.password());
    }

    @Produces
    @Singleton
    Database database(DatabaseSettings settings) {
        return new Database(settings);
    }

    void close(@Disposes Database database) {
        database.close();
    }
}
