package io.perigee.scheduler.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The database all services share; this one keeps to its own schema. */
@ConfigMapping(prefix = "perigee.database")
public interface DatabaseConfig {
    String host();

    @WithDefault("5432")
    int port();

    String name();

    String user();

    String password();
}
