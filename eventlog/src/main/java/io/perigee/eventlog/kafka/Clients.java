package io.perigee.eventlog.kafka;

import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.TryLater;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Settings that all clients of the broker share. */
final class Clients {
    private Clients() {}

    static Properties properties(KafkaSettings settings) {
        var p = new Properties();
        p.putAll(settings.extra());
        p.put("bootstrap.servers", settings.bootstrap());
        p.put("request.timeout.ms", millis(settings.requestTimeout()));
        p.put("reconnect.backoff.ms", "50");
        p.put("reconnect.backoff.max.ms", "1000");
        p.put("metadata.max.age.ms", "30000");
        // the clients' own telemetry and JMX beans are not used: metrics go through Micrometer
        p.put("enable.metrics.push", "false");
        p.put("metric.reporters", "");
        return p;
    }

    static String millis(java.time.Duration duration) {
        return Long.toString(duration.toMillis());
    }

    /** Waits for an answer of the broker for somewhat longer than the client itself does. */
    static <T> T await(KafkaSettings settings, KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(settings.requestTimeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting for the broker", e);
        }
    }
}
