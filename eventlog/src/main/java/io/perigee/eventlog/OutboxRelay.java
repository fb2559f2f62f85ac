package io.perigee.eventlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.eventlog.kafka.LogSender;
import io.perigee.eventlog.kafka.TopicAdmin;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.OutboxStore;
import io.perigee.eventlog.postgres.OutboxStore.Unsent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what the outbox holds to the log, at least once and in order per key. Woken by the database's notification;
 * a slow poll is the safety net. Any number of relays may work on one outbox.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration SAFETY_POLL = Duration.ofSeconds(5);
    /** A broker may name a topic for a while that is deleted, and somebody else may make it again before a send fails. */
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(10);

    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);
    private static final Duration KEEP_SENT = Duration.ofDays(8);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final OutboxStore store;
    private final LogSender sender;
    private final TopicAdmin topics;
    private final Semaphore wake = new Semaphore(0);
    private final AtomicLong depth = new AtomicLong();
    private final Counter sent;
    private final Duration tidyEvery;
    private final Thread thread;
    private volatile boolean running = true;
    private boolean topicsChecked;
    private long checkedAt;
    private long tidiedAt = System.nanoTime();

    private OutboxRelay(
            OutboxStore store, LogSender sender, TopicAdmin topics, MeterRegistry metrics, Duration tidyEvery) {
        this.store = store;
        this.sender = sender;
        this.topics = topics;
        this.tidyEvery = tidyEvery;
        this.sent = Counter.builder("perigee.outbox.sent").register(metrics);
        Gauge.builder("perigee.outbox.depth", depth, AtomicLong::get)
                .description("records that wait to be sent")
                .register(metrics);
        this.thread = Thread.ofVirtual().name("outbox-relay").unstarted(this::run);
    }

    /** Starts a relay for the outbox of this database's schema. */
    public static OutboxRelay start(Database database, KafkaSettings kafka, MeterRegistry metrics) {
        return start(database, kafka, metrics, TIDY_EVERY);
    }

    static OutboxRelay start(Database database, KafkaSettings kafka, MeterRegistry metrics, Duration tidyEvery) {
        var relay = new OutboxRelay(
                new OutboxStore(database), new LogSender(kafka), new TopicAdmin(kafka), metrics, tidyEvery);
        relay.thread.start();
        return relay;
    }

    private void run() {
        try (var _ = store.listen(wake::release)) {
            var backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(3));
            while (running) {
                try {
                    tidy();
                    while (running && store.pass(this::send)) {
                        backoff.reset();
                    }
                    depth.set(0);
                    await(SAFETY_POLL);
                } catch (TryLater e) {
                    var pause = backoff.next();
                    LOG.atWarn()
                            .addKeyValue("pauseMs", pause.toMillis())
                            .addKeyValue("cause", e.getMessage())
                            .log("relay waits");
                    waitAfterTrouble(pause);
                } catch (RuntimeException e) {
                    // a fault of ours, or of the database's: said loudly, and tried again, since nobody else sends
                    // these
                    LOG.atError().setCause(e).log("relay failed");
                    waitAfterTrouble(backoff.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("relay ended", e);
        }
    }

    private void waitAfterTrouble(Duration pause) throws InterruptedException {
        // whatever went wrong, the topics may be others now
        topicsChecked = false;
        measureDepth();
        await(pause);
    }

    /** Waits for a notification; those that arrived meanwhile count as one. */
    private void await(Duration atMost) throws InterruptedException {
        if (wake.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void tidy() {
        if (!topicsChecked || System.nanoTime() - checkedAt > TOPICS_EVERY.toNanos()) {
            store.noteLostTopics(topics.ensureAll())
                    .forEach(topic -> LOG.atWarn().addKeyValue("topic", topic).log("topic was lost, sending again"));
            boolean more = true;
            while (running && more) {
                more = store.putBackSome();
            }
            topicsChecked = true;
            checkedAt = System.nanoTime();
        }
        if (System.nanoTime() - tidiedAt > tidyEvery.toNanos()) {
            tidiedAt = System.nanoTime();
            forget();
        }
    }

    /** Nothing waits for this: when it fails, the records must leave all the same. */
    private void forget() {
        try {
            if (store.forgetSent(KEEP_SENT) == OutboxStore.FORGOTTEN_AT_ONCE) {
                // of what is left over the next round takes care, or a busy outbox would grow for ever
                tidiedAt -= tidyEvery.toNanos();
            }
        } catch (TryLater e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("old records are not forgotten yet");
        }
    }

    private void measureDepth() {
        try {
            depth.set(store.depth());
        } catch (RuntimeException e) {
            // the gauge keeps its last value while the database is away; the relay's own retry reports it
            LOG.debug("depth unknown", e);
        }
    }

    /**
     * Sends in waves of one record per key, so that no record is on its way before its predecessor has arrived, even
     * when the broker fails in the middle.
     */
    private List<Unsent> send(List<Unsent> batch) {
        depth.set(batch.size());
        CrashPoints.hit("relay-before-send");
        var arrived = new ArrayList<Unsent>();
        List<Unsent> waiting = batch;
        while (!waiting.isEmpty()) {
            var keys = new HashSet<String>();
            var wave = new ArrayList<Unsent>();
            var later = new ArrayList<Unsent>();
            for (Unsent each : waiting) {
                (keys.add(each.topic() + "/" + each.key()) ? wave : later).add(each);
            }
            List<Unsent> acknowledged = sender.send(wave);
            arrived.addAll(acknowledged);
            if (acknowledged.size() < wave.size()) {
                topicsChecked = false;
                if (arrived.isEmpty()) {
                    throw new TryLater("The broker took none of " + batch.size() + " records");
                }
                break;
            }
            waiting = later;
        }
        CrashPoints.hit("relay-after-send");
        sent.increment(arrived.size());
        return arrived;
    }

    /** Whether it still works: when it does not, only a new process can. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Ends the relay after the batch it is at; what is unsent stays in the outbox. */
    @Override
    public void close() {
        running = false;
        wake.release();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
        topics.close();
    }
}
