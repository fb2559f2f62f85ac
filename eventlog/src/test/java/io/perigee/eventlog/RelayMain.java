package io.perigee.eventlog;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.postgres.Database;
import java.util.List;

/** A relay and a consumer in a process of their own, to be killed. */
public final class RelayMain {
    private RelayMain() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new DatabaseSettings(
                "127.0.0.1", Integer.parseInt(arguments[0]), arguments[1], "logtest", "postgres", "postgres");
        var kafka = new KafkaSettings(arguments[2]);
        var database = new Database(settings);
        var metrics = new SimpleMeterRegistry();
        OutboxRelay.start(database, kafka, metrics);
        if (String.valueOf(System.getenv("PERIGEE_CRASH_AT")).startsWith("consumer")) {
            LogConsumer.start(
                    kafka,
                    settings.name(),
                    List.of(Topics.JOBS),
                    database,
                    (tx, envelope) -> {
                        if (envelope.source().equals(settings.name())) {
                            LogFixture.store(tx, envelope);
                        }
                    },
                    metrics);
        }
        Thread.sleep(120_000);
    }
}
