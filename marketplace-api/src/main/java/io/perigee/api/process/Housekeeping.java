package io.perigee.api.process;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.artifact.Collector;
import io.perigee.api.gateway.AgentBook;
import io.perigee.api.gateway.Pulse;
import io.perigee.api.gateway.Switchboard;
import io.perigee.api.problem.Trace;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Declares silent agents offline and forgets what has expired.
 *
 * <p>Silence counts only while this process could hear: after a start, after the database was away, and after a time in which
 * nobody looked, every agent gets its whole grace again. Such a time is a process or machine that slept, or a clock that was
 * set.
 */
@Singleton
public final class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    /** Of the time after which an agent is gone, what may be missing between two rounds: whoever beats has so much left. */
    private static final int SHARE = 2;

    private static final Duration FORGET_EVERY = Duration.ofMinutes(5);
    private static final Duration KEEP_ANSWERS = Duration.ofDays(30);
    private static final Duration KEEP_DELIVERIES = Duration.ofDays(1);
    private static final int FORGOTTEN_AT_ONCE = 10_000;
    private static final String CLOSE = """
      update delivery set open = false where ctid = any (array(
        select ctid from delivery where open and kind in ('stop', 'verdict') and created_at < $1 limit %d))
      """.formatted(FORGOTTEN_AT_ONCE);

    private final Settings.Api settings;
    private final Switchboard board;
    private final AgentBook agents;
    private final Pulse pulse;
    private final ArtifactStore store;
    private final Collector collector;
    private final Database database;
    private final Clock clock;
    private final Thread thread;
    /** These two by the clock that signs of life are stamped with; none before the first round that could hear. */
    private @Nullable Instant hearingSince;

    private @Nullable Instant lastRound;
    private Instant forgotAt;

    Housekeeping(
            Settings settings,
            Switchboard board,
            AgentBook agents,
            Pulse pulse,
            ArtifactStore store,
            Collector collector,
            Database database,
            Clock clock) {
        this.settings = settings.api();
        this.board = board;
        this.agents = agents;
        this.pulse = pulse;
        this.store = store;
        this.collector = collector;
        this.database = database;
        this.clock = clock;
        this.forgotAt = clock.instant();
        this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
    }

    void start() {
        thread.start();
        pulse.start();
    }

    /** Whether its threads work. */
    boolean alive() {
        return thread.isAlive() && pulse.alive();
    }

    void close() {
        thread.interrupt();
        pulse.close();
    }

    private void run() {
        var pause = Duration.ofMillis(Math.max(100, settings.heartbeat().toMillis() / 2));
        try {
            while (true) {
                Thread.sleep(pause);
                tendWhatItCan();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A fault of one round must not end all others: nobody else finds the silent. */
    private void tendWhatItCan() {
        var now = clock.instant();
        try {
            tend(now);
        } catch (RuntimeException fault) {
            LOG.errorf(fault, "housekeeping failed");
        }
        if (!forgotAt.plus(FORGET_EVERY).isAfter(now)) {
            forgotAt = now;
            forget(now);
        }
    }

    void tend(Instant now) {
        try {
            if (isHeard(agents.now())) {
                for (var provider : agents.dropSilent(board.silence(), now, Trace.fresh())) {
                    LOG.infof("agent offline providerId=%s", provider);
                }
            }
        } catch (TryLater away) {
            hearingSince = null;
            LOG.warnf("housekeeping waits: %s", away.getMessage());
        }
    }

    /** Whether whoever lives would have been heard by now. */
    private boolean isHeard(Instant present) {
        var since = hearingSince;
        if (since == null || !isNext(present)) {
            since = present;
            hearingSince = present;
        }
        lastRound = present;
        return !since.plus(board.silence()).isAfter(present);
    }

    /** Whether this round follows the last one as rounds do, and not after a sleep or another setting of the clock. */
    private boolean isNext(Instant present) {
        var last = lastRound;
        return last != null
                && !present.isBefore(last)
                && Duration.between(last, present).compareTo(board.silence().dividedBy(SHARE)) <= 0;
    }

    /** One thing that is forgotten. */
    private interface Forgetting {
        void forget() throws IOException;
    }

    /**
     * Each by itself: to forget can take too long where much has gathered, which must keep neither the silent from being
     * found nor the rest from being forgotten.
     */
    void forget(Instant now) {
        var uploads = now.minus(settings.artifacts().uploadExpiry());
        forget("challenges", () -> forget("challenge where expires_at < $1", now));
        forget("sessions", () -> forget("session where expires_at < $1", now));
        forget("answers", () -> forget("idempotency where created_at < $1", now.minus(KEEP_ANSWERS)));
        forget("ends", () -> inPieces(CLOSE, now.minus(KEEP_DELIVERIES)));
        forget("deliveries", () -> forget("delivery where not open and created_at < $1", now.minus(KEEP_ANSWERS)));
        forget("uploads", () -> forgetUploads(uploads));
        forget("artifacts", () -> collector.collect(now));
    }

    private static void forget(String what, Forgetting forgetting) {
        try {
            forgetting.forget();
        } catch (TryLater away) {
            LOG.warnf("what has expired is not forgotten yet: %s, %s", what, away.getMessage());
        } catch (IOException | RuntimeException failure) {
            LOG.errorf(failure, "what has expired is not forgotten: %s", what);
        }
    }

    /** By when they were last appended to: one that is on its way may take longer than one that nobody continues is kept. */
    private void forgetUploads(Instant before) throws IOException {
        store.dropOlderThan(before);
        forget("upload where complete and created_at < $1", before);
        var last = new UUID(0, 0);
        for (var some = uploads(before, last); !some.isEmpty(); some = uploads(before, last)) {
            last = some.getLast();
            var gone = new ArrayList<UUID>();
            for (var upload : some) {
                if (store.received(upload) == 0) {
                    gone.add(upload);
                }
            }
            database.transact(tx -> tx.execute(
                    "delete from upload where id = any ($1) and not complete", (Object) gone.toArray(UUID[]::new)));
        }
    }

    private List<UUID> uploads(Instant before, UUID after) {
        return database
                .reading(tx -> tx.query(
                        "select id from upload where not complete and created_at < $1 and id > $2 order by id limit $3",
                        before,
                        after,
                        FORGOTTEN_AT_ONCE))
                .stream()
                .map(row -> row.uuid("id"))
                .toList();
    }

    private void forget(String expired, Instant before) {
        var table = expired.substring(0, expired.indexOf(' '));
        inPieces(
                "delete from %s where ctid = any (array(select ctid from %s limit %d))"
                        .formatted(table, expired, FORGOTTEN_AT_ONCE),
                before);
    }

    /** Some at a time: each statement must end before its time is up, and commit what it has done. */
    private void inPieces(String some, Instant before) {
        int forgotten;
        do {
            forgotten = database.inTransaction(tx -> tx.execute(some, before));
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }
}
