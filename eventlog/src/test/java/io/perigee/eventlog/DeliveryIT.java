package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.kafka.TopicAdmin;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryIT {
    private LogFixture log;

    @BeforeEach
    void open() {
        log = new LogFixture(TestServers.postgres(), TestServers.broker());
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    @Test
    void shouldDeliverInOrderAndWithoutPollingDelay() throws Exception {
        // given
        log.relay();
        var consumer = log.consumer();
        Await.until(LogFixture.PATIENCE, consumer::ready, () -> "no partitions");
        var job = LogFixture.newJob();
        log.append(job, 0);
        log.awaitEffects(1);

        // when
        var millis = new ArrayList<Long>();
        for (int i = 1; i <= 20; i++) {
            long start = System.nanoTime();
            log.append(job, i);
            log.awaitEffects(i + 1);
            millis.add((System.nanoTime() - start) / 1_000_000);
        }

        // then
        System.out.println("append to effect, ms: " + millis);
        log.assertInOrderOnce(List.of(job), 21);
        assertThat(millis.stream().sorted().toList().get(10))
                .as("median of %s ms", millis)
                .isLessThan(250);
    }

    @Test
    void shouldKeepOrderPerKeyWithTwoRelays() throws Exception {
        // given
        var jobs = Stream.generate(LogFixture::newJob).limit(12).toList();
        log.relay();
        log.relay();
        log.consumer();

        // when
        var writers = new ArrayList<Thread>();
        for (JobId job : jobs) {
            writers.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < 50; i += 2) {
                    long number = i;
                    log.database.transact(tx -> {
                        Outbox.append(tx, log.fact(job, number));
                        Outbox.append(tx, log.fact(job, number + 1));
                    });
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        log.awaitEffects(12 * 50);

        // then
        log.assertInOrderOnce(jobs, 50);
    }

    @Test
    void shouldSendWhatIsKeptInATableOfTheServiceInOrderWithTheRest() throws Exception {
        // given
        log.database.transact(tx -> {
            tx.execute("CREATE TABLE said (id uuid PRIMARY KEY, json text)");
            tx.execute("CREATE OR REPLACE VIEW outbox_kept (envelope_id, payload) AS"
                    + " SELECT id, convert_to(json, 'UTF8') FROM said");
        });
        var job = LogFixture.newJob();
        log.consumer();

        // when
        for (int i = 0; i < 6; i += 2) {
            long number = i;
            log.database.transact(tx -> {
                var kept = log.fact(job, number);
                var json = kept.toJson();
                tx.execute("INSERT INTO said VALUES ($1, $2)", kept.id(), new String(json, StandardCharsets.UTF_8));
                Outbox.appendKept(tx, kept, json.length);
                Outbox.append(tx, log.fact(job, number + 1));
            });
        }
        log.relay();
        log.awaitEffects(6);

        // then
        log.assertInOrderOnce(List.of(job), 6);
    }

    @Test
    void shouldDropWhatArrivesTwice() {
        // given
        log.relay();
        log.consumer();
        var job = LogFixture.newJob();
        log.append(job, 0);
        log.append(job, 1);
        log.awaitEffects(2);

        // when
        log.sendAllAgain();
        log.append(job, 2);
        log.awaitEffects(3);

        // then
        log.assertInOrderOnce(List.of(job), 3);
        assertThat(duplicates()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void shouldNotSendWhatWasRolledBack() {
        // given
        log.relay();
        log.consumer();
        var job = LogFixture.newJob();

        // when
        try {
            log.database.transact(tx -> {
                Outbox.append(tx, log.fact(job, 99));
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("no");
        }
        log.append(job, 0);
        log.awaitEffects(1);

        // then
        log.assertInOrderOnce(List.of(job), 1);
    }

    @Test
    void shouldSendAgainWhenTopicWasLost() throws Exception {
        // given: a broker of its own, because topics are deleted
        try (var broker = io.perigee.testkit.kafka.Broker.start();
                var own = new LogFixture(TestServers.postgres(), broker)) {
            var job = LogFixture.newJob();
            try (var relay = own.relay()) {
                own.append(job, 0);
                own.append(job, 1);
                Await.until(
                        LogFixture.PATIENCE,
                        () -> own.database.inTransaction(
                                tx -> tx.query("SELECT 1 FROM outbox_waiting").isEmpty()),
                        () -> "not sent");
            }

            // when
            try (var admin = org.apache.kafka.clients.admin.Admin.create(
                    java.util.Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.deleteTopics(Topics.ALL).all().get();
            }
            try (var topics = new TopicAdmin(own.kafka)) {
                Await.until(
                        Duration.ofSeconds(20),
                        () -> topics.ensureAll().size() == Topics.ALL.size(),
                        () -> "no topics");
            }
            own.relay();
            own.consumer();
            own.append(job, 2);
            own.awaitEffects(3);

            // then
            own.assertInOrderOnce(List.of(job), 3);
        }
    }

    private double duplicates() {
        return log.metrics.find("perigee.log.consumed").tag("result", "duplicate").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
