package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.JobId;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Jvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Processes that die in the worst moment. */
class CrashIT {
    @Test
    void shouldAbsorbDuplicatesWhenRelayDiesBetweenSendingAndMarking() throws Exception {
        // given
        try (var log = new LogFixture(TestServers.postgres(), TestServers.broker())) {
            log.consumer();
            var job = LogFixture.newJob();
            for (int i = 0; i < 3; i++) {
                log.append(job, i);
            }

            // when
            var child = Child.start(relayProcess(log).withEnvironment(Map.of("PERIGEE_CRASH_AT", "relay-after-send")));
            assertThat(child.awaitEnd(Duration.ofSeconds(60))).isTrue();
            assertThat(child.exitStatus()).as(child.logTail(10)).isEqualTo(137);
            log.awaitEffects(3);
            assertThat(unsent(log)).isEqualTo(3);
            log.relay();
            log.append(job, 3);
            log.awaitEffects(4);

            // then
            log.assertInOrderOnce(List.of(job), 4);
        }
    }

    @Test
    void shouldLoseNothingWhenBrokerIsKilledUnderLoad() throws Exception {
        // given
        try (var broker = Broker.start();
                var log = new LogFixture(TestServers.postgres(), broker)) {
            log.relay();
            log.relay();
            log.consumer();
            var jobs = Stream.generate(LogFixture::newJob).limit(6).toList();
            Thread writer = Thread.startVirtualThread(() -> write(log, jobs, 60));
            log.awaitEffects(30);

            // when
            broker.kill();
            Thread.sleep(500);
            broker.restart();
            writer.join();
            log.awaitEffects(6 * 60);

            // then
            log.assertInOrderOnce(jobs, 60);
        }
    }

    @Test
    void shouldLoseNothingWhenPostgresIsKilledUnderLoad() throws Exception {
        // given
        try (var postgres = PostgresServer.start();
                var log = new LogFixture(postgres, TestServers.broker())) {
            log.relay();
            log.consumer();
            var jobs = Stream.generate(LogFixture::newJob).limit(6).toList();
            Thread writer = Thread.startVirtualThread(() -> write(log, jobs, 60));
            log.awaitEffects(30);

            // when
            postgres.kill();
            Thread.sleep(500);
            postgres.restart();
            writer.join();
            log.awaitEffects(6 * 60);

            // then
            log.assertInOrderOnce(jobs, 60);
        }
    }

    @Test
    void shouldHandOverWhenConsumerDiesAfterItsTransaction() throws Exception {
        // given
        try (var log = new LogFixture(TestServers.postgres(), TestServers.broker())) {
            var job = LogFixture.newJob();
            for (int i = 0; i < 4; i++) {
                log.append(job, i);
            }

            // when
            var child = Child.start(
                    relayProcess(log).withEnvironment(Map.of("PERIGEE_CRASH_AT", "consumer-after-commit@2")));
            assertThat(child.awaitEnd(Duration.ofSeconds(60))).isTrue();
            assertThat(child.exitStatus()).as(child.logTail(10)).isEqualTo(137);
            log.relay();
            log.consumer();
            log.awaitEffects(4);

            // then
            log.assertInOrderOnce(List.of(job), 4);
        }
    }

    /** One append at a time; what the database could not take for certain is looked up before it is written again. */
    private static void write(LogFixture log, List<JobId> jobs, int count) {
        for (int i = 0; i < count; i++) {
            for (JobId job : jobs) {
                var fact = log.fact(job, i);
                while (true) {
                    try {
                        log.database.transact(tx -> {
                            if (tx.query("SELECT 1 FROM outbox WHERE envelope_id = $1", fact.id())
                                    .isEmpty()) {
                                io.perigee.eventlog.postgres.Outbox.append(tx, fact);
                            }
                        });
                        break;
                    } catch (TryLater e) {
                        pause();
                    }
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long unsent(LogFixture log) {
        return log.database.inTransaction(tx ->
                tx.query("SELECT count(*) AS n FROM outbox_waiting").getFirst().number("n"));
    }

    private static Child.Command relayProcess(LogFixture log) {
        var directory = Directories.temporary("perigee-relay-");
        return new Child.Command(
                "relay",
                List.of(
                        Jvm.program(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        Jvm.classPath(),
                        RelayMain.class.getName(),
                        Integer.toString(log.settings.port()),
                        log.settings.name(),
                        log.kafka.bootstrap()),
                directory.resolve("relay.log"));
    }
}
