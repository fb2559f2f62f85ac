package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.Ids;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Await;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** A schema with an effect table, relays that empty its outbox, and consumers that write effects. */
final class LogFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final DatabaseSettings settings;
    final KafkaSettings kafka;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Database database;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    LogFixture(PostgresServer postgres, Broker broker) {
        settings = new DatabaseSettings(
                "127.0.0.1",
                postgres.port(),
                postgres.newDatabase(),
                "logtest",
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        kafka = new KafkaSettings(broker.bootstrap());
        Migrations.run(settings, "classpath:db/migration/logtest");
        database = new Database(settings);
    }

    OutboxRelay relay() {
        var relay = OutboxRelay.start(database, kafka, metrics);
        opened.push(relay);
        return relay;
    }

    /** A consumer that stores key and number of each fact. */
    LogConsumer consumer() {
        return consumer(LogFixture::store);
    }

    LogConsumer consumer(RecordHandler handler) {
        var consumer =
                LogConsumer.start(kafka, settings.name(), List.of(Topics.JOBS), database, onlyMine(handler), metrics);
        opened.push(consumer);
        return consumer;
    }

    /** Tests of one JVM share the broker, and with it the topics. */
    private RecordHandler onlyMine(RecordHandler handler) {
        return (tx, envelope) -> {
            if (envelope.source().equals(settings.name())) {
                handler.handle(tx, envelope);
            }
        };
    }

    static void store(Tx tx, Envelope envelope) {
        long number = ((JobFunded) envelope.body()).block();
        tx.execute("INSERT INTO effect (key, number) VALUES ($1, $2)", envelope.key(), number);
    }

    Envelope fact(JobId job, long number) {
        return Envelope.of(
                UUID.randomUUID(),
                Instant.now(),
                settings.name(),
                "",
                new JobFunded(job, new Amount(BigInteger.ONE), number));
    }

    void append(JobId job, long number) {
        database.transact(tx -> Outbox.append(tx, fact(job, number)));
    }

    /** As if nothing had been marked as sent. */
    void sendAllAgain() {
        database.transact(
                tx -> tx.execute("INSERT INTO outbox_waiting SELECT seq, lane FROM outbox ON CONFLICT DO NOTHING"));
    }

    static JobId newJob() {
        return Ids.jobId();
    }

    List<Long> effects(JobId job) {
        return database.inTransaction(
                tx -> tx.query("SELECT number FROM effect WHERE key = $1 ORDER BY seq", job.toString()).stream()
                        .map(row -> row.number("number"))
                        .toList());
    }

    long effects() {
        return database.inTransaction(
                tx -> tx.query("SELECT count(*) AS n FROM effect").getFirst().number("n"));
    }

    void awaitEffects(long count) {
        Await.until(
                PATIENCE, () -> effects() >= count, () -> "Expected " + count + " effects, but there are " + effects());
    }

    /** Each job's effects are exactly 0, 1, 2, … in this order. */
    void assertInOrderOnce(List<JobId> jobs, int count) {
        var expected = LongStream.range(0, count).boxed().toList();
        for (JobId job : jobs) {
            assertThat(effects(job)).as("effects of %s", job).isEqualTo(expected);
        }
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        database.close();
    }
}
