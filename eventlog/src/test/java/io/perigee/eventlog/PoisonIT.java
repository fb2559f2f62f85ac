package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.kafka.DeadLetters;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.process.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoisonIT {
    // of its own: poison stays in the topics
    private Broker broker;
    private LogFixture log;

    @BeforeEach
    void open() {
        broker = Broker.start();
        log = new LogFixture(TestServers.postgres(), broker);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        broker.close();
    }

    @Test
    void shouldPutPoisonAsideAndGoOn() throws Exception {
        // given
        log.relay();
        log.consumer();
        JobId job = LogFixture.newJob();
        log.append(job, 0);
        log.awaitEffects(1);
        var key = job.toString();
        var good = new String(log.fact(job, 7).toJson(), StandardCharsets.UTF_8);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new byte[200];
        new Random(seed).nextBytes(random);

        // when: all in the partition of the job's key, so that they stand in its way
        int partition = partitionOf(key);
        var poison = new TreeMap<String, byte[]>();
        poison.put("random", random);
        poison.put("not json", "{\"id\":".getBytes(StandardCharsets.UTF_8));
        poison.put("unknown type", good.replace("JobFunded", "JobFundled").getBytes(StandardCharsets.UTF_8));
        poison.put("other version", good.replace("\"v\":1", "\"v\":2").getBytes(StandardCharsets.UTF_8));
        poison.put("unknown field", good.replace("{\"id\"", "{\"x\":1,\"id\"").getBytes(StandardCharsets.UTF_8));
        poison.put("deep", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        poison.put("empty", new byte[0]);
        try (var producer = producer()) {
            for (var value : poison.values()) {
                producer.send(new ProducerRecord<>(Topics.JOBS, partition, key.getBytes(StandardCharsets.UTF_8), value))
                        .get();
            }
            producer.send(new ProducerRecord<>(Topics.JOBS, partition, key.getBytes(StandardCharsets.UTF_8), null))
                    .get();
            producer.send(new ProducerRecord<>(Topics.JOBS, partition, new byte[] {1}, good.getBytes()))
                    .get();
            producer.send(new ProducerRecord<>(Topics.JOBS, partition, null, new byte[Topics.MAX_RECORD_BYTES + 1]))
                    .get();
        }
        log.append(job, 1);
        log.awaitEffects(2);

        // then
        log.assertInOrderOnce(List.of(job), 2);
        var letters = deadLetters(poison.size() + 3);
        assertThat(letters)
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsExactlyInAnyOrder(
                        "UNDECODABLE",
                        "UNDECODABLE",
                        "UNDECODABLE",
                        "UNDECODABLE",
                        "UNDECODABLE",
                        "UNDECODABLE",
                        "EMPTY",
                        "EMPTY",
                        "WRONG_KEY",
                        "TOO_LARGE");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetters.DETAIL)).startsWith("Expected");
            assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(Topics.JOBS);
            assertThat(header(letter, DeadLetters.CONSUMER)).isEqualTo(log.settings.name());
        });
    }

    @Test
    void shouldRetryWithoutEndWhatMustWaitAndPutAsideWhatFails() throws Exception {
        // given
        var waiting = LogFixture.newJob();
        var failing = LogFixture.newJob();
        var refused = LogFixture.newJob();
        var fine = LogFixture.newJob();
        var attempts = new AtomicInteger();
        log.relay();
        log.consumer((tx, envelope) -> {
            String key = envelope.key();
            LogFixture.store(tx, envelope);
            if (key.equals(waiting.toString()) && attempts.incrementAndGet() < 8) {
                throw new TryLater("the chain is away");
            }
            if (key.equals(failing.toString())) {
                throw new IllegalStateException("a bug");
            }
            if (key.equals(refused.toString())) {
                throw new Unprocessable(DeadReason.REFUSED, "Expected sense, but there is none");
            }
        });

        // when
        for (JobId job : List.of(waiting, failing, refused, fine)) {
            log.append(job, 0);
        }
        log.awaitEffects(2);

        // then
        log.assertInOrderOnce(List.of(waiting, fine), 1);
        assertThat(attempts).hasValueGreaterThanOrEqualTo(8);
        assertThat(deadLetters(2))
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsExactlyInAnyOrder("FAILED", "REFUSED");
        assertThat(log.effects()).isEqualTo(2);
    }

    private int partitionOf(String key) {
        return org.apache.kafka.common.utils.Utils.toPositive(
                        org.apache.kafka.common.utils.Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)))
                % log.kafka.partitions();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "max.request.size", Topics.MAX_RECORD_BYTES + 100_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "group.id",
                "dead-" + System.nanoTime(),
                "auto.offset.reset",
                "earliest");
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.DEAD_LETTERS));
            Await.until(
                    Duration.ofSeconds(30),
                    () -> {
                        for (var each : consumer.poll(Duration.ofMillis(200))) {
                            if (header(each, DeadLetters.CONSUMER).equals(log.settings.name())) {
                                found.add(each);
                            }
                        }
                        return found.size() >= count;
                    },
                    () -> "Expected " + count + " dead letters, but there are " + found.size());
        }
        return found;
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
