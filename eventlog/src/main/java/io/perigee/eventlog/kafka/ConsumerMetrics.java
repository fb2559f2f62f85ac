package io.perigee.eventlog.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.eventlog.DeadReason;
import java.util.concurrent.atomic.AtomicLong;

/** What a consumer counts. */
final class ConsumerMetrics {
    private final MeterRegistry registry;
    private final String consumer;
    private final AtomicLong lag = new AtomicLong();

    ConsumerMetrics(MeterRegistry registry, String consumer) {
        this.registry = registry;
        this.consumer = consumer;
        Gauge.builder("perigee.log.lag", lag, AtomicLong::get)
                .description("records this consumer has not fetched yet")
                .tag("consumer", consumer)
                .register(registry);
    }

    void consumed(String topic, boolean fresh) {
        registry.counter(
                        "perigee.log.consumed",
                        "consumer",
                        consumer,
                        "topic",
                        topic,
                        "result",
                        fresh ? "applied" : "duplicate")
                .increment();
    }

    void deadLettered(String topic, DeadReason reason) {
        registry.counter("perigee.log.dead.letters", "consumer", consumer, "topic", topic, "reason", reason.name())
                .increment();
    }

    void retried() {
        registry.counter("perigee.log.retries", "consumer", consumer).increment();
    }

    void lag(long records) {
        lag.set(records);
    }
}
