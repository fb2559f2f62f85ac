package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.OutboxStore;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that share a transaction take effect as if each had its own. */
class TogetherIT {
    private static final int RECORDS = 300;

    private LogFixture log;
    private LogConsumer consumer;

    @BeforeEach
    void open() {
        log = new LogFixture(TestServers.postgres(), TestServers.broker());
    }

    @AfterEach
    void close() throws Exception {
        if (consumer != null) {
            consumer.close();
        }
        log.close();
    }

    /** Stores numbers, all of them in shared transactions but the one that stands alone; refuses one. */
    private final class Sharing implements RecordHandler {
        private final long alone;
        private final long refused;

        Sharing(long alone, long refused) {
            this.alone = alone;
            this.refused = refused;
        }

        @Override
        public boolean shares(Envelope envelope) {
            return isMine(envelope) && number(envelope) != alone;
        }

        @Override
        public void handle(Tx tx, Envelope envelope) {
            if (isMine(envelope)) {
                LogFixture.store(tx, envelope);
                if (number(envelope) == refused) {
                    throw new Unprocessable(DeadReason.REFUSED, "Expected another number, but it is this");
                }
            }
        }

        private boolean isMine(Envelope envelope) {
            return envelope.source().equals(log.settings.name());
        }

        private long number(Envelope envelope) {
            return ((JobFunded) envelope.body()).block();
        }
    }

    @Test
    void shouldApplyManyRecordsWithFewCommits() {
        // given
        var job = sent();

        // when
        start(new Sharing(-1, -1));

        // then
        log.awaitEffects(RECORDS);
        log.assertInOrderOnce(List.of(job), RECORDS);
        assertThat(commits()).isLessThan(RECORDS / 5);
    }

    @Test
    void shouldGoOnWithoutTheOneThatIsRefused() {
        // given
        var job = sent();

        // when
        start(new Sharing(-1, 100));

        // then
        log.awaitEffects(RECORDS - 1);
        assertThat(log.effects(job))
                .isEqualTo(LongStream.range(0, RECORDS)
                        .filter(number -> number != 100)
                        .boxed()
                        .toList());
        assertThat(commits()).isLessThan(RECORDS / 2);
    }

    @Test
    void shouldKeepTheOrderAroundOneThatStandsAlone() {
        // given
        var job = sent();

        // when
        start(new Sharing(100, -1));

        // then
        log.awaitEffects(RECORDS);
        log.assertInOrderOnce(List.of(job), RECORDS);
    }

    @Test
    void shouldApplyWhatComesTwiceOnce() throws Exception {
        // given
        var job = sent();
        start(new Sharing(-1, -1));
        log.awaitEffects(RECORDS);

        // when: the outbox is sent once more, with one record that is new
        log.sendAllAgain();
        log.append(job, RECORDS);

        // then
        log.awaitEffects(RECORDS + 1);
        log.assertInOrderOnce(List.of(job), RECORDS + 1);
    }

    @Test
    void shouldPassOverWhatAHandlerDoesNotHear() {
        // given
        var job = sent();
        var last = log.fact(job, RECORDS);
        log.database.transact(
                tx -> Outbox.append(tx, Envelope.of(last.id(), last.at(), "another", last.trace(), last.body())));

        // when
        start(new RecordHandler() {
            @Override
            public void handle(Tx tx, Envelope envelope) {
                // the topic is that of all these tests
                if (envelope.key().equals(job.toString())) {
                    LogFixture.store(tx, envelope);
                }
            }

            @Override
            public boolean hears(String source) {
                return !source.equals(log.settings.name());
            }
        });

        // then
        log.awaitEffects(1);
        assertThat(log.effects(job)).containsExactly((long) RECORDS);
        long noted = log.database.inTransaction(
                tx -> tx.query("SELECT count(*) AS n FROM inbox JOIN outbox USING (envelope_id)")
                        .getFirst()
                        .number("n"));
        assertThat(noted).isEqualTo(1);
    }

    private JobId sent() {
        var job = LogFixture.newJob();
        log.database.transact(tx -> Outbox.append(
                tx,
                LongStream.range(0, RECORDS)
                        .mapToObj(number -> log.fact(job, number))
                        .toList()));
        log.relay();
        var store = new OutboxStore(log.database);
        Await.until(LogFixture.PATIENCE, () -> store.depth() == 0, () -> "Expected an empty outbox, but it is not");
        return job;
    }

    private void start(RecordHandler handler) {
        consumer = LogConsumer.start(
                log.kafka, log.settings.name(), List.of(Topics.JOBS), log.database, handler, log.metrics);
    }

    private long commits() {
        return log.database.inTransaction(tx -> tx.query("SELECT count(DISTINCT xmin::text) AS n FROM effect")
                .getFirst()
                .number("n"));
    }
}
