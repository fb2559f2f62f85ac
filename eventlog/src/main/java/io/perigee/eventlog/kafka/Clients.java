package io.perigee.eventlog.kafka;

import io.perigee.eventlog.KafkaSettings;
import java.util.Properties;

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
}
