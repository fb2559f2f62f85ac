package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.OutboxStore;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to a whole outbox must not take longer, nor stop the relay, the more it keeps. */
class LargeOutboxIT {
    private static final Duration AGE = Duration.ofDays(8);
    private static final String SENT = """
      WITH sent AS (
        INSERT INTO outbox (envelope_id, topic, key, payload, created_at)
        SELECT gen_random_uuid(), $1, 'k' || n, '\\x00', now() - make_interval(days => $3)
        FROM generate_series(1, $2) n RETURNING seq)
      SELECT count(*) AS n FROM sent
      """;

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
    void shouldLookOnlyAtTheOldestWhenItForgets() {
        // given: none of the oldest is old enough, and somewhere behind them one is
        sent("t", OutboxStore.FORGOTTEN_AT_ONCE, 1);
        sent("t", 1, 9);

        // when
        int forgotten = new OutboxStore(log.database).forgetSent(AGE);

        // then
        assertThat(forgotten).as("what is found only by reading on").isZero();
    }

    @Test
    void shouldForgetOfTheOldestWhatIsOldAndSent() {
        // given
        sent("t", 2, 9);
        sent("t", 3, 1);
        waiting("t", 1, 9);

        // when
        int forgotten = new OutboxStore(log.database).forgetSent(AGE);

        // then
        assertThat(forgotten).isEqualTo(2);
        assertThat(count("outbox")).isEqualTo(4);
    }

    @Test
    void shouldSendWhileTheOldCannotBeForgotten() throws Exception {
        // given: every statement that touches the old ones runs out of time
        sent("t", 1, 9);
        log.consumer();
        var quick = new DatabaseSettings(
                log.settings.host(),
                log.settings.port(),
                log.settings.name(),
                log.settings.schema(),
                log.settings.user(),
                log.settings.password(),
                2,
                Duration.ofSeconds(5),
                Duration.ofMillis(500));
        var held = new CountDownLatch(1);
        var enough = new CountDownLatch(1);
        var holder = Thread.startVirtualThread(() -> log.database.transact(tx -> {
            tx.query("SELECT 1 FROM outbox FOR UPDATE");
            held.countDown();
            waitFor(enough);
        }));
        waitFor(held);

        // when
        try (var database = new Database(quick);
                var relay = OutboxRelay.start(database, log.kafka, log.metrics, Duration.ZERO)) {
            var job = LogFixture.newJob();
            log.append(job, 0);

            // then: while they are held
            Await.until(Duration.ofSeconds(20), () -> log.effects() == 1, () -> "nothing was sent");
            log.assertInOrderOnce(List.of(job), 1);
            assertThat(relay.alive()).isTrue();
        } finally {
            enough.countDown();
            holder.join();
        }
    }

    @Test
    void shouldPutALostTopicBackByStretchesAndSendNothingBefore() {
        // given
        var store = new OutboxStore(log.database);
        store.noteLostTopics(Map.of("lost", "1", "other", "1"));
        sent("lost", 12_000, 1);
        sent("other", 5, 1);
        waiting("lost", 1, 0);
        store.noteLostTopics(Map.of("lost", "2", "other", "1"));
        var early = new ArrayList<OutboxStore.Unsent>();

        // when: a relay dies after the first stretch, and another goes on
        store.putBackSome();
        long afterOne = count("outbox_waiting");
        store.pass(batch -> {
            early.addAll(batch);
            return List.of();
        });
        var another = new OutboxStore(log.database);
        int stretches = 0;
        while (another.putBackSome()) {
            stretches++;
        }

        // then
        assertThat(afterOne).isEqualTo(10_001);
        assertThat(early).as("sent before its predecessors were found").isEmpty();
        assertThat(stretches).as("the rest, and one that finds nothing").isEqualTo(2);
        assertThat(count("outbox_waiting")).isEqualTo(12_001);
        assertThat(another.noteLostTopics(Map.of("lost", "2", "other", "1"))).isEmpty();
        another.pass(batch -> {
            early.addAll(batch);
            return List.of();
        });
        assertThat(early).isNotEmpty();
    }

    /** Such a one was filtered out, and later ones of its key overtook it. */
    @Test
    void shouldSendNothingBeforeARecordWhosePayloadIsNowhere() {
        // given
        waiting("t", 3, 0);
        log.database.transact(tx -> tx.execute(
                "UPDATE outbox SET payload = NULL WHERE seq = (SELECT seq FROM outbox ORDER BY seq OFFSET 1 LIMIT 1)"));
        var sent = new ArrayList<OutboxStore.Unsent>();
        var store = new OutboxStore(log.database);

        // when
        var thrown = catchThrowable(() -> store.pass(batch -> {
            sent.addAll(batch);
            return batch;
        }));

        // then
        assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessageContaining("its payload is neither");
        assertThat(sent).isEmpty();
        assertThat(count("outbox_waiting")).isEqualTo(3);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sent(String topic, int records, int days) {
        waiting(topic, records, days);
        log.database.transact(tx -> tx.execute("DELETE FROM outbox_waiting"));
    }

    private void waiting(String topic, int records, int days) {
        log.database.inTransaction(tx -> tx.query(SENT, topic, records, days));
    }

    private long count(String table) {
        return log.database.inTransaction(
                tx -> tx.query("SELECT count(*) AS n FROM " + table).getFirst().number("n"));
    }
}
