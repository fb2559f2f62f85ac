package io.perigee.eventlog.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.eventlog.Backoff;
import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.RecordHandler;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Inbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics as one member of a group. Each record takes effect once: its effect and the note that it was seen are
 * one database transaction, and its offset is committed after that.
 *
 * <p>Partitions are worked on beside each other, the records of one partition one after the other. A record nobody can
 * use goes to the dead letters; a record that must wait is tried again without end, while the consumer keeps polling
 * and the other partitions go on.
 */
public final class LogConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogConsumer.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(200);

    /** After this long in one batch the rest is left for the next poll, so that the group never thinks us dead. */
    private static final Duration BATCH_BUDGET = Duration.ofSeconds(60);

    private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    /** Longer than the log and the outbox keep anything. */
    private static final Duration REMEMBER = Duration.ofDays(30);

    private static final int MAX_POLL_RECORDS = 200;

    private final KafkaSettings settings;
    private final String group;
    private final List<String> topics;
    private final Database database;
    private final RecordHandler handler;
    private final ConsumerMetrics metrics;
    private final LogSender sender;
    private final Thread thread;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    // of the polling thread
    private final Map<TopicPartition, PartitionWork> work = new HashMap<>();
    private final Map<TopicPartition, Long> resumeAt = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private long tidiedAt = System.nanoTime();
    private long committedAt = System.nanoTime();

    private volatile boolean running = true;
    private volatile Consumer<byte[], byte[]> current;
    private volatile boolean assigned;
    private volatile long polledAt = System.nanoTime();

    private LogConsumer(
            KafkaSettings settings,
            String group,
            Collection<String> topics,
            Database database,
            RecordHandler handler,
            MeterRegistry registry) {
        this.settings = settings;
        this.group = group;
        this.topics = List.copyOf(topics);
        this.database = database;
        this.handler = handler;
        this.metrics = new ConsumerMetrics(registry, group);
        this.sender = new LogSender(settings);
        this.current = create(settings, group);
        // a selector blocks its carrier, so a virtual thread would gain nothing
        this.thread = Thread.ofPlatform().name("log-consumer-" + group).unstarted(this::run);
    }

    /**
     * Starts reading; topics that are missing are made first. {@code group} also names the consumer in the inbox, so it
     * must never change for the same effects.
     */
    public static LogConsumer start(
            KafkaSettings settings,
            String group,
            Collection<String> topics,
            Database database,
            RecordHandler handler,
            MeterRegistry metrics) {
        var consumer = new LogConsumer(settings, group, topics, database, handler, metrics);
        consumer.thread.start();
        return consumer;
    }

    private static Consumer<byte[], byte[]> create(KafkaSettings settings, String group) {
        var p = Clients.properties(settings);
        p.put("group.id", group);
        p.put("enable.auto.commit", "false");
        p.put("auto.offset.reset", "earliest");
        p.put("allow.auto.create.topics", "false");
        p.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        p.put("max.poll.records", Integer.toString(MAX_POLL_RECORDS));
        p.put("max.poll.interval.ms", Clients.millis(MAX_POLL_INTERVAL));
        p.put("session.timeout.ms", Clients.millis(SESSION_TIMEOUT));
        p.put("heartbeat.interval.ms", Clients.millis(SESSION_TIMEOUT.dividedBy(4)));
        p.put("default.api.timeout.ms", Clients.millis(settings.requestTimeout()));
        // a partition that is tried again waits for the fetch that is under way
        p.put("fetch.max.wait.ms", "200");
        p.put("fetch.max.bytes", Integer.toString(2 * Topics.MAX_RECORD_BYTES));
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Whether it has partitions or at least polls: false when the polling thread is stuck or dead. */
    public boolean alive() {
        return thread.isAlive() && System.nanoTime() - polledAt < MAX_POLL_INTERVAL.toNanos();
    }

    /** Whether the group has given it its share of the partitions. */
    public boolean ready() {
        return alive() && assigned;
    }

    private void run() {
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
        while (running) {
            try {
                subscribe();
                while (running) {
                    step();
                    backoff.reset();
                }
            } catch (WakeupException e) {
                LOG.debug("woken to stop");
            } catch (TryLater | KafkaException e) {
                Duration pause = backoff.next();
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("cause", e.getMessage())
                        .log("consumer starts again");
                sleep(pause);
                replace();
            }
        }
        commit();
        close(current);
    }

    private void subscribe() {
        try (var admin = new TopicAdmin(settings)) {
            admin.ensureAll();
        }
        current.subscribe(topics, new Forgetting());
    }

    private void replace() {
        close(current);
        work.clear();
        resumeAt.clear();
        uncommitted.clear();
        assigned = false;
        if (running) {
            current = create(settings, group);
        }
    }

    private static void close(Consumer<?, ?> consumer) {
        try {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
        } catch (KafkaException e) {
            LOG.debug("consumer closed with an error", e);
        }
    }

    private void step() {
        polledAt = System.nanoTime();
        resumeWhatIsDue();
        var records = current.poll(untilNextResume());
        if (!records.isEmpty()) {
            long end = System.nanoTime() + BATCH_BUDGET.toNanos();
            var running = new HashMap<TopicPartition, Future<PartitionWork.Progress>>();
            for (TopicPartition partition : records.partitions()) {
                var mine = work.computeIfAbsent(partition, _ -> newWork());
                var batch = records.records(partition);
                running.put(
                        partition,
                        workers.submit(() -> mine.work(batch, () -> !this.running || System.nanoTime() > end)));
            }
            for (var each : running.entrySet()) {
                note(each.getKey(), records.records(each.getKey()).getLast().offset() + 1, result(each.getValue()));
            }
        }
        // a record that comes again finds the inbox: to tell the broker after every few would be most of what it hears
        if (records.isEmpty() || System.nanoTime() - committedAt > COMMIT_EVERY.toNanos()) {
            commit();
        }
        measureLag();
        tidy();
    }

    private PartitionWork newWork() {
        return new PartitionWork(database, group, handler, new DeadLetters(sender, group), metrics);
    }

    private static PartitionWork.Progress result(Future<PartitionWork.Progress> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    // an Error of the handler: the process is in no state to go on
                    throw new IllegalStateException(
                            "Expected to work on a partition, but " + e.getCause(), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void note(TopicPartition partition, long fetchedTo, PartitionWork.Progress progress) {
        uncommitted.put(partition, new OffsetAndMetadata(progress.next()));
        if (progress.next() < fetchedTo) {
            current.seek(partition, progress.next());
        }
        if (progress.pause() != null) {
            current.pause(List.of(partition));
            resumeAt.put(partition, System.nanoTime() + progress.pause().toNanos());
        }
    }

    private void resumeWhatIsDue() {
        var due = new ArrayList<TopicPartition>();
        long now = System.nanoTime();
        resumeAt.forEach((partition, at) -> {
            if (at - now <= 0) {
                due.add(partition);
            }
        });
        due.forEach(resumeAt::remove);
        current.resume(due);
    }

    private Duration untilNextResume() {
        long now = System.nanoTime();
        long soonest = POLL.toNanos();
        for (long at : resumeAt.values()) {
            soonest = Math.min(soonest, Math.max(1_000_000, at - now));
        }
        return Duration.ofNanos(soonest);
    }

    /** Commits what is done. When it fails the next one carries it along; a redelivery finds the inbox. */
    private void commit() {
        committedAt = System.nanoTime();
        if (uncommitted.isEmpty()) {
            return;
        }
        try {
            current.commitSync(Map.copyOf(uncommitted), settings.requestTimeout());
            uncommitted.clear();
        } catch (WakeupException e) {
            // only close() wakes; the last commit of run() takes these along
            LOG.debug("woken during a commit");
        } catch (KafkaException e) {
            LOG.atInfo()
                    .addKeyValue("group", group)
                    .addKeyValue("cause", e.getMessage())
                    .log("offsets not committed yet");
        }
    }

    private void measureLag() {
        long sum = 0;
        for (TopicPartition partition : current.assignment()) {
            OptionalLong lag = current.currentLag(partition);
            sum += lag.orElse(0);
        }
        metrics.lag(sum);
    }

    private void tidy() {
        if (System.nanoTime() - tidiedAt < TIDY_EVERY.toNanos()) {
            return;
        }
        tidiedAt = System.nanoTime();
        try {
            int forgotten = database.inTransaction(
                    tx -> Inbox.forgetBefore(tx, Instant.now().minus(REMEMBER)));
            if (forgotten == Inbox.FORGOTTEN_AT_ONCE) {
                // of what is left over the next round takes care, or a busy inbox would grow for ever
                tidiedAt -= TIDY_EVERY.toNanos();
            }
        } catch (TryLater e) {
            // nothing waits for this: the records must take effect all the same
            LOG.atWarn()
                    .addKeyValue("group", group)
                    .addKeyValue("cause", e.getMessage())
                    .log("old notes of the inbox are not forgotten yet");
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops after the records that are in hand, commits them and leaves the group. */
    @Override
    public void close() {
        running = false;
        current.wakeup();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOG.atError().addKeyValue("group", group).log("consumer did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdown();
        sender.close();
    }

    /** Partitions that go to another member take their state here with them. Called while polling. */
    private final class Forgetting implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            work.keySet().removeAll(partitions);
            resumeAt.keySet().removeAll(partitions);
            uncommitted.keySet().removeAll(partitions);
        }
    }
}
