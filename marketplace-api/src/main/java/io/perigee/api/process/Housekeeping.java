package io.perigee.api.process;

import io.perigee.api.artifact.ArtifactStore;
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
import org.jboss.logging.Logger;

/**
 * Declares silent agents offline and forgets what has expired.
 *
 * <p>Silence counts only while this process could hear: after a start, and after the database was away, every agent gets
 * its whole grace again.
 */
@Singleton
public final class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(5);
    private static final Duration KEEP_ANSWERS = Duration.ofDays(30);
    private static final Duration KEEP_DELIVERIES = Duration.ofDays(1);
    private static final int FORGOTTEN_AT_ONCE = 10_000;

    private final Settings.Api settings;
    private final Switchboard board;
    private final AgentBook agents;
    private final Pulse pulse;
    private final ArtifactStore store;
    private final Database database;
    private final Clock clock;
    private final Thread thread;
    private Instant hearingSince;
    private Instant forgotAt;

    Housekeeping(
            Settings settings,
            Switchboard board,
            AgentBook agents,
            Pulse pulse,
            ArtifactStore store,
            Database database,
            Clock clock) {
        this.settings = settings.api();
        this.board = board;
        this.agents = agents;
        this.pulse = pulse;
        this.store = store;
        this.database = database;
        this.clock = clock;
        this.hearingSince = clock.instant();
        this.forgotAt = hearingSince;
        this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
    }

    void start() {
        hearingSince = clock.instant();
        thread.start();
        pulse.start();
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
                tend();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tend() {
        var now = clock.instant();
        try {
            if (!hearingSince.plus(board.silence()).isAfter(now)) {
                for (var provider : agents.dropSilent(now.minus(board.silence()), now, Trace.fresh())) {
                    LOG.infof("agent offline providerId=%s", provider);
                }
            } else {
                database.reachable();
            }
        } catch (TryLater away) {
            hearingSince = now;
            LOG.warnf("housekeeping waits: %s", away.getMessage());
        }
        if (!forgotAt.plus(FORGET_EVERY).isAfter(now)) {
            forgotAt = now;
            forgetWhatItCan(now);
        }
    }

    /** To forget can take too long where much has gathered; that must not keep the silent from being found. */
    private void forgetWhatItCan(Instant now) {
        try {
            forget(now);
        } catch (TryLater away) {
            LOG.warnf("what has expired is not forgotten yet: %s", away.getMessage());
        } catch (IOException failure) {
            LOG.errorf(failure, "expired uploads were not deleted");
        }
    }

    void forget(Instant now) throws IOException {
        var uploads = now.minus(settings.artifacts().uploadExpiry());
        forget("challenge where expires_at < $1", now);
        forget("session where expires_at < $1", now);
        forget("idempotency where created_at < $1", now.minus(KEEP_ANSWERS));
        forget("upload where created_at < $1", uploads);
        database.transact(tx -> tx.execute(
                "update delivery set open = false where open and kind in ('stop', 'verdict') and created_at < $1",
                now.minus(KEEP_DELIVERIES)));
        forget("delivery where not open and created_at < $1", now.minus(KEEP_ANSWERS));
        store.dropOlderThan(uploads);
    }

    /** Some at a time: each statement must end before its time is up, and commit what it has done. */
    private void forget(String expired, Instant before) {
        var table = expired.substring(0, expired.indexOf(' '));
        var some = "delete from %s where ctid = any (array(select ctid from %s limit %d))"
                .formatted(table, expired, FORGOTTEN_AT_ONCE);
        int forgotten;
        do {
            forgotten = database.inTransaction(tx -> tx.execute(some, before));
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }
}
