package io.perigee.api.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.api.gateway.Switchboard;
import io.perigee.api.hub.Trainers;
import io.perigee.api.job.Bell;
import io.perigee.api.persistence.postgres.DatabaseFaults;
import io.perigee.api.persistence.postgres.Notifications;
import io.perigee.api.projection.postgres.ReadModel;
import io.perigee.api.provider.postgres.PresentOffers;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.Groups;
import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.OutboxRelay;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The order of start: schema, trainers, relay, projection, notifications, housekeeping. It stops in the opposite one, so
 * that nothing is taken from the log that can no longer be stored.
 */
@Singleton
public final class FrontDoor {
    private static final Logger LOG = Logger.getLogger(FrontDoor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Settings settings;
    private final DatabaseSettings databaseSettings;
    private final Database database;
    private final Trainers trainers;
    private final ReadModel readModel;
    private final Notifications notifications;
    private final Bell bell;
    private final Switchboard switchboard;
    private final PresentOffers offers;
    private final Housekeeping housekeeping;
    private final MeterRegistry metrics;
    private @Nullable OutboxRelay relay;
    private @Nullable LogConsumer consumer;
    private volatile boolean started;

    FrontDoor(
            Settings settings,
            DatabaseSettings databaseSettings,
            Database database,
            Trainers trainers,
            ReadModel readModel,
            Notifications notifications,
            Bell bell,
            Switchboard switchboard,
            PresentOffers offers,
            Housekeeping housekeeping,
            MeterRegistry metrics) {
        this.settings = settings;
        this.databaseSettings = databaseSettings;
        this.database = database;
        this.trainers = trainers;
        this.readModel = readModel;
        this.notifications = notifications;
        this.bell = bell;
        this.switchboard = switchboard;
        this.offers = offers;
        this.housekeeping = housekeeping;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) throws IOException, InterruptedException {
        patiently(() -> Migrations.run(databaseSettings, "classpath:db/migration/api"));
        patiently(trainers::ingest);
        var kafka = new KafkaSettings(settings.kafka().bootstrap());
        relay = OutboxRelay.start(database, kafka, metrics);
        consumer = LogConsumer.start(
                kafka, Groups.FRONT_DOOR, List.of(Topics.JOBS, Topics.ACCOUNTS), database, readModel, metrics);
        notifications.listen(Notifications.JOB, bell::ring, bell::ringAll);
        notifications.listen(Notifications.AGENT, switchboard::look, switchboard::lookAll);
        notifications.listen(Notifications.OFFERS, _ -> offers.changed(), offers::changed);
        notifications.connect();
        housekeeping.start();
        started = true;
        LOG.info("front door open");
    }

    void stop(@Observes ShutdownEvent event) {
        started = false;
        housekeeping.close();
        notifications.close();
        if (consumer != null) {
            consumer.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    /** Whether the projection polls; it stays false until the start is complete. */
    boolean ready() {
        return started && consumer != null && consumer.ready();
    }

    /** Whether every thread works that has no other process to take its place at once. */
    boolean alive() {
        return (consumer == null || consumer.alive())
                && (!started || housekeeping.alive() && relay != null && relay.alive());
    }

    /** A step of the start that needs the database. */
    interface Step {
        void take() throws IOException;
    }

    /** A database that is away, or slow, for a moment ends no start. */
    static void patiently(Step step) throws IOException, InterruptedException {
        var giveUp = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                step.take();
                return;
            } catch (RuntimeException failure) {
                if (!mayPass(failure) || Instant.now().isAfter(giveUp)) {
                    throw failure;
                }
                LOG.warnf("database not there yet: %s", failure.getMessage());
                Thread.sleep(PAUSE);
            }
        }
    }

    private static boolean mayPass(RuntimeException failure) {
        return failure instanceof TimeoutException || DatabaseFaults.isAway(failure);
    }
}
