package io.perigee.eventlog.kafka;

import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.OutboxStore.Unsent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends records and waits until all replicas in sync have them (idempotent, {@code acks=all}). */
public final class LogSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSender.class);

    private final KafkaSettings settings;
    private final KafkaProducer<String, byte[]> producer;

    public LogSender(KafkaSettings settings) {
        this.settings = settings;
        var p = Clients.properties(settings);
        p.put("acks", "all");
        p.put("enable.idempotence", "true");
        p.put("linger.ms", "0");
        p.put("max.request.size", Integer.toString(Topics.MAX_RECORD_BYTES + (256 << 10)));
        p.put("max.block.ms", Clients.millis(settings.requestTimeout()));
        p.put("request.timeout.ms", Clients.millis(settings.requestTimeout().dividedBy(2)));
        p.put("delivery.timeout.ms", Clients.millis(settings.requestTimeout()));
        this.producer = new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
    }

    /** Sends all, and returns those that arrived for certain; the others may have arrived too. */
    public List<Unsent> send(List<Unsent> batch) {
        var futures = new ArrayList<Future<RecordMetadata>>(batch.size());
        try {
            for (Unsent each : batch) {
                futures.add(producer.send(new ProducerRecord<>(each.topic(), each.key(), each.payload())));
            }
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("send refused");
        }
        producer.flush();
        var arrived = new ArrayList<Unsent>(batch.size());
        for (int i = 0; i < futures.size(); i++) {
            if (succeeded(futures.get(i))) {
                arrived.add(batch.get(i));
            }
        }
        return arrived;
    }

    /**
     * Sends one record and waits for it.
     *
     * @throws TryLater when it is not certain to have arrived
     */
    public void send(ProducerRecord<String, byte[]> record) {
        try {
            await(producer.send(record));
        } catch (KafkaException | ExecutionException | TimeoutException e) {
            throw new TryLater("The broker did not take a record for " + record.topic() + ": " + e.getMessage(), e);
        }
    }

    private boolean succeeded(Future<RecordMetadata> future) {
        try {
            await(future);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("cause", String.valueOf(e.getMessage())).log("send failed");
            return false;
        }
    }

    private void await(Future<RecordMetadata> future) throws ExecutionException, TimeoutException {
        try {
            future.get(settings.requestTimeout().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting for the broker", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
