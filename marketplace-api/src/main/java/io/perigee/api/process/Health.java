package io.perigee.api.process;

import io.perigee.eventlog.postgres.Database;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive while the threads of projection, relay, housekeeping and signs of life run; ready when it has its partitions and the database answers. */
final class Health {
    @Produces
    @Singleton
    @Liveness
    HealthCheck live(FrontDoor process) {
        return () ->
                HealthCheckResponse.named("threads").status(process.alive()).build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck projection(FrontDoor process) {
        return () ->
                HealthCheckResponse.named("projection").status(process.ready()).build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck database(Database database) {
        return () -> HealthCheckResponse.named("database")
                .status(database.reachable())
                .build();
    }
}
