package io.perigee.scheduler.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.perigee.eventlog.Groups;
import io.perigee.eventlog.OutboxRelay;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.kafka.LogConsumer;
import io.perigee.eventlog.kafka.LogReach;
import io.perigee.eventlog.operations.Operations;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.eventlog.postgres.OutboxStore;
import io.perigee.protocol.id.Address;
import io.perigee.scheduler.draw.DrawKeeper;
import io.perigee.scheduler.draw.KnownHead;
import io.perigee.scheduler.ethereum.NodeBlocks;
import io.perigee.scheduler.job.DeadlineKeeper;
import io.perigee.scheduler.job.EarlyKeeper;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.job.Records;
import io.perigee.scheduler.placing.Matchmaker;
import io.perigee.scheduler.placing.ProviderDesk;
import io.perigee.scheduler.postgres.PostgresEarlyBook;
import io.perigee.scheduler.postgres.PostgresHeard;
import io.perigee.scheduler.postgres.PostgresJobBook;
import io.perigee.scheduler.postgres.PostgresOfferBook;
import io.perigee.scheduler.postgres.PostgresOfferLog;
import io.perigee.scheduler.postgres.PostgresPlacingQueue;
import io.perigee.scheduler.postgres.PostgresRecordBook;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The service: consumer, matchmaker, deadlines, relay and operations endpoint, wired and started. May be made twice in
 * one JVM, and several may run on one database: they share the work.
 */
public final class Scheduler implements AutoCloseable {
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final LogConsumer consumer;
    private final Operations operations;

    private Scheduler(Settings settings, InstantSource clock) {
        try {
            var key = keep(HubKey.open(
                    settings.scheduler(), Address.parse(settings.hub().address())));
            Migrations.run(settings.databaseSettings(), "classpath:db/migration/scheduler");
            var database = keep(new Database(settings.databaseSettings()));
            var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            var book = new PostgresJobBook();
            var offers = new PostgresOfferBook();
            var alarm = new Alarm();
            var records = new PostgresRecordBook();
            var head = new KnownHead(settings.headAge(), System::nanoTime);
            var jobs = new JobDesk(
                    book,
                    records,
                    settings.policy(),
                    settings.domain(),
                    key.address(),
                    key::sign,
                    key.secrets(),
                    head::number,
                    clock,
                    alarm::dueAt);
            var providers = new ProviderDesk(offers, book, jobs, settings.domain(), key.address());
            var matchmaker = new Matchmaker(
                    database, book, new PostgresPlacingQueue(), new PostgresOfferLog(), records, jobs, metrics);
            var deadlines = new DeadlineKeeper(database, book, jobs, hearing(settings, database));
            var sweep = settings.scheduler().sweep();

            var relay = keep(OutboxRelay.start(database, settings.kafkaSettings(), metrics));
            var placing = keep(Loop.start("placing", new Placing(matchmaker, sweep, System::nanoTime)));
            // however rare sweeps are: to look more rarely would itself be a time in which nobody heard
            var often = sweep.compareTo(LogHearing.EVERY) < 0 ? sweep : LogHearing.EVERY;
            var timing = keep(Loop.start("deadlines", () -> alarm.planned(jobs.now(), deadlines.round(often))));
            alarm.rings(timing::wake);
            var early = new PostgresEarlyBook();
            var waking = new AtomicReference<Runnable>(() -> {});
            var log =
                    new Records(book, jobs, providers, early, () -> waking.get().run());
            var keeper = new EarlyKeeper(database, early, log, jobs);
            var earlier = keep(Loop.start("early", () -> keeper.round(sweep)));
            waking.set(earlier::wake);
            Map<String, BooleanSupplier> alive = new HashMap<>();
            settings.chain()
                    .rpcUrl()
                    .ifPresent(node ->
                            alive.putAll(draw(settings, database, book, records, jobs, head, URI.create(node))));
            keep(database.listen(PostgresJobBook.WANTS, wake(matchmaker::wanted, placing)));
            keep(database.listen(PostgresJobBook.CAPACITY, wake(matchmaker::freed, placing)));
            consumer = keep(LogConsumer.start(
                    settings.kafkaSettings(),
                    Groups.SCHEDULER,
                    List.of(Topics.JOBS, Topics.COMMANDS, Topics.PROVIDERS, Topics.ACCOUNTS),
                    database,
                    log,
                    metrics));
            alive.putAll(Map.of(
                    "log",
                    consumer::alive,
                    "relay",
                    relay::alive,
                    "placing",
                    placing::alive,
                    "early",
                    earlier::alive,
                    "deadlines",
                    timing::alive));
            operations = keep(Operations.start(
                    settings.scheduler().opsPort(),
                    alive,
                    Map.of("database", database::reachable, "log", consumer::ready, "signer", () -> key.signer()
                            .reachable()),
                    metrics));
        } catch (RuntimeException e) {
            closeParts(e);
            throw e;
        }
    }

    /**
     * Starts the service and returns when it runs; it may not be ready yet.
     *
     * @throws IllegalArgumentException when the key is not the hub's
     */
    public static Scheduler start(Settings settings, InstantSource clock) {
        return new Scheduler(settings, clock);
    }

    public int opsPort() {
        return operations.port();
    }

    /** Whether it has its share of the log. */
    public boolean ready() {
        return consumer.ready();
    }

    private LogHearing hearing(Settings settings, Database database) {
        var log = keep(new LogReach(
                settings.kafkaSettings(),
                List.of(
                        new LogReach.Reader(Groups.SCHEDULER, List.of(Topics.JOBS, Topics.COMMANDS)),
                        new LogReach.Reader(Groups.FRONT_DOOR, List.of(Topics.JOBS)))));
        var heard = new PostgresHeard(database);
        return new LogHearing(
                log::look,
                new OutboxStore(database)::waiting,
                heard::since,
                heard::note,
                System::nanoTime,
                LogHearing::sleep);
    }

    /** What has to be alive for it. */
    private Map<String, BooleanSupplier> draw(
            Settings settings,
            Database database,
            PostgresJobBook book,
            PostgresRecordBook records,
            JobDesk jobs,
            KnownHead head,
            URI node) {
        var config = settings.scheduler();
        var blocks = keep(new NodeBlocks(node, settings.chain().id()));
        var keeper = new DrawKeeper(database, book, records, jobs, blocks, head, config.drawConfirmations());
        var following = keep(Loop.start("head", () -> keeper.follow(config.drawPoll())));
        var drawing = keep(Loop.start("drawing", () -> keeper.round(config.drawPoll())));
        return Map.of("head", following::alive, "drawing", drawing::alive);
    }

    private static Runnable wake(Runnable mark, Loop loop) {
        return () -> {
            mark.run();
            loop.wake();
        };
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    /** Stops what brings work first, and what work needs last. */
    @Override
    public void close() {
        closeParts(null);
    }

    private void closeParts(@Nullable RuntimeException cause) {
        RuntimeException failure = cause;
        Collections.reverse(parts);
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException(
                            "Expected to close " + part.getClass().getSimpleName() + ", but it failed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        parts.clear();
        if (failure != null && failure != cause) {
            throw failure;
        }
    }
}
