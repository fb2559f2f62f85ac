package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.fact.Envelope;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.process.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that answers, but refuses: a standby that was asked too early, a table that is being restored. */
class RefusingDatabaseIT {
    private static final String EVERYBODY_ELSE =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    /** More often than a record that is at fault itself is tried. */
    private static final int MANY_TIMES = 8;

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
    void shouldKeepRecordsAndGoOnAfterTheDatabaseWasAStandbyForAWhile() throws Exception {
        // given
        log.relay();
        log.consumer();
        var job = LogFixture.newJob();
        log.append(job, 0);
        log.awaitEffects(1);

        // when
        asStandby("SET default_transaction_read_only = on");
        send(log.fact(job, 1));
        Await.until(
                LogFixture.PATIENCE,
                () -> retries() >= MANY_TIMES,
                () -> "Expected the record to be tried %d times, but it was %s".formatted(MANY_TIMES, retries()));
        asStandby("RESET default_transaction_read_only");
        log.awaitEffects(2);
        log.append(job, 2);
        log.awaitEffects(3);

        // then
        log.assertInOrderOnce(List.of(job), 3);
    }

    @Test
    void shouldSendWhatWaitsAfterTheDatabaseRefusedTheRelay() {
        // given
        log.relay();
        log.consumer();
        var job = LogFixture.newJob();
        log.append(job, 0);
        log.awaitEffects(1);

        // when
        log.database.transact(tx -> tx.execute("ALTER TABLE outbox_lane RENAME TO elsewhere"));
        log.append(job, 1);
        Await.until(
                LogFixture.PATIENCE,
                () -> log.metrics.get("perigee.outbox.depth").gauge().value() == 1,
                () -> "Expected the relay to say that one record waits, but it does not");
        log.database.transact(tx -> tx.execute("ALTER TABLE elsewhere RENAME TO outbox_lane"));
        log.awaitEffects(2);

        // then
        assertThat(log.effects(job)).containsExactly(0L, 1L);
    }

    /** Every connection but this one begins anew, as after a failover. */
    private void asStandby(String setting) {
        try (var operator = new Database(log.settings)) {
            operator.transact(tx -> {
                tx.execute("SET TRANSACTION READ WRITE");
                tx.execute("ALTER DATABASE " + log.settings.name() + " " + setting);
            });
            operator.transact(tx -> tx.query(EVERYBODY_ELSE));
        }
    }

    private double retries() {
        return log.metrics
                .counter("perigee.log.retries", "consumer", log.settings.name())
                .count();
    }

    private void send(Envelope envelope) throws Exception {
        try (var producer = new KafkaProducer<byte[], byte[]>(
                Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.JOBS, envelope.key().getBytes(StandardCharsets.UTF_8), envelope.toJson()))
                    .get();
        }
    }
}
