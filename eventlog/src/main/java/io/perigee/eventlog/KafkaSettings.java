package io.perigee.eventlog;

import java.time.Duration;
import java.util.Map;

/**
 * Where the broker is, and how topics are made when they are missing.
 *
 * @param bootstrap {@code host:port,…}
 * @param partitions of topics this service creates
 * @param replication of topics this service creates
 * @param requestTimeout longest wait for the broker's answer; a send is given up after it, and tried again
 * @param extra client properties passed through unchanged, for TLS and SASL
 */
public record KafkaSettings(
        String bootstrap, int partitions, int replication, Duration requestTimeout, Map<String, String> extra) {

    public KafkaSettings {
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException("Expected the broker's address, but perigee.kafka.bootstrap is empty");
        }
        if (partitions < 1 || replication < 1) {
            throw new IllegalArgumentException("Expected at least one partition and one replica");
        }
        extra = Map.copyOf(extra);
    }

    /** Six partitions, one replica, 10 s. */
    public KafkaSettings(String bootstrap) {
        this(bootstrap, 6, 1, Duration.ofSeconds(10), Map.of());
    }
}
