package io.perigee.benchmarks.durable;

import io.perigee.eventlog.Topics;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.JobId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads the log of jobs, notes when a job's replicas are assigned, and says what settlement would say. */
final class LogWatch implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread reader;
    private final int replicas;
    private final Map<JobId, Integer> assignments = new ConcurrentHashMap<>();
    private final Map<JobId, Long> assignedAt = new ConcurrentHashMap<>();
    private final AtomicLong started = new AtomicLong();
    private volatile boolean running = true;
    private volatile boolean reading;

    LogWatch(String bootstrap, int replicas) throws InterruptedException {
        this.replicas = replicas;
        this.producer = new KafkaProducer<>(
                // the relay of a settlement sends what came together in one request
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "2"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.reader = Thread.ofPlatform().name("log-watch").start(() -> read(bootstrap));
        for (int i = 0; i < 600 && !reading; i++) {
            Thread.sleep(100);
        }
    }

    /** When both replicas of a job were seen to be assigned, by {@link System#nanoTime}; null before. */
    Map<JobId, Long> assignedAt() {
        return assignedAt;
    }

    /** How many attempts were seen to be accepted. */
    long started() {
        return started.get();
    }

    void say(String source, Body body) {
        var envelope = Envelope.of(UUID.randomUUID(), Instant.now(), source, "", body);
        producer.send(new ProducerRecord<>(
                Topics.of(envelope), envelope.key().getBytes(StandardCharsets.UTF_8), envelope.toJson()));
    }

    void flush() {
        producer.flush();
    }

    private void read(String bootstrap) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", "watch-" + UUID.randomUUID(),
                "auto.offset.reset", "latest",
                "fetch.max.wait.ms", "20",
                "max.poll.records", "2000");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.JOBS));
            while (running) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    seen(record.value());
                }
                consumer.assignment().forEach(consumer::position);
                reading = !consumer.assignment().isEmpty();
            }
        }
    }

    private void seen(byte[] bytes) {
        switch (Envelope.ofJson(bytes).body()) {
            case JobSubmitted fact ->
                say("settlement", new JobFunded(fact.jobId(), fact.order().maxPayment(), 1));
            case JobAssigned fact -> {
                if (assignments.merge(fact.jobId(), 1, Integer::sum) == replicas) {
                    assignedAt.put(fact.jobId(), System.nanoTime());
                }
            }
            case AttemptStarted _ -> started.incrementAndGet();
            default -> {
                // the rest of a job's life is not measured
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        reader.join(10_000);
        producer.close(Duration.ofSeconds(5));
    }
}
