package io.perigee.settlement.testing;

import io.perigee.eventlog.Topics;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.Fact;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.rest.EpochState;
import io.perigee.testkit.process.Await;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The jobs topic as the other stages see it: they write to it, and they read what settlement says. */
public final class JobLog implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Envelope> said = new CopyOnWriteArrayList<>();
    /** The reader's own. */
    private final Set<UUID> heard = new HashSet<>();

    private final Thread reader;

    public JobLog(String bootstrap) {
        createTopics(bootstrap);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "latest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = Stream.of(Topics.JOBS, Topics.ACCOUNTS)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reader = Thread.ofPlatform().name("job-log").start(this::read);
    }

    /** Says it as some stage would; the same envelope may be said again. */
    public Envelope say(Fact fact) {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        var envelope = Envelope.of(Uuid7.of(Instant.now(), bytes), Instant.now(), "test", "", fact);
        repeat(envelope);
        return envelope;
    }

    public void repeat(Envelope envelope) {
        Market.ask(() -> producer.send(new ProducerRecord<>(Topics.JOBS, envelope.key(), envelope.toJson()))
                .get(10, TimeUnit.SECONDS));
    }

    /** What settlement said of a job so far. */
    public List<JobFact> of(JobId job) {
        return said.stream()
                .filter(envelope ->
                        envelope.source().equals("settlement") && envelope.key().equals(job.toString()))
                .map(envelope -> (JobFact) envelope.body())
                .toList();
    }

    /** What settlement said of a hub's epoch so far. */
    public List<EpochChanged> of(EpochId epoch) {
        return said.stream()
                .map(Envelope::body)
                .filter(EpochChanged.class::isInstance)
                .map(EpochChanged.class::cast)
                .filter(fact -> fact.hub().equals(epoch.hub()) && fact.number() == epoch.number())
                .toList();
    }

    public EpochChanged await(EpochId epoch, EpochState state) {
        Await.until(
                PATIENCE,
                () -> of(epoch).stream().anyMatch(fact -> fact.state() == state),
                () -> "Expected epoch %s to be %s, but settlement said %s".formatted(epoch, state, of(epoch)));
        return of(epoch).getLast();
    }

    public <T extends JobFact> List<T> all(JobId job, Class<T> type) {
        return of(job).stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <T extends JobFact> T await(JobId job, Class<T> type) {
        Await.until(PATIENCE, () -> !all(job, type).isEmpty(), () -> "Expected %s for %s, but settlement said %s"
                .formatted(type.getSimpleName(), job, of(job)));
        return all(job, type).getFirst();
    }

    private void read() {
        try {
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    var envelope = Envelope.ofJson(record.value());
                    // the log may bring a record twice, as to every reader; who says a thing twice says it in two
                    if (heard.add(envelope.id())) {
                        said.add(envelope);
                    }
                }
            }
        } catch (WakeupException e) {
            consumer.close();
        }
    }

    private static void createTopics(String bootstrap) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (var topic : Topics.ALL) {
                try {
                    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1)))
                            .all()
                            .get(20, TimeUnit.SECONDS);
                } catch (Exception e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        Market.ask(() -> reader.join(Duration.ofSeconds(5)));
        producer.close(Duration.ofSeconds(5));
    }
}
