package io.perigee.api.process;

import io.perigee.api.artifact.ArtifactStore;
import io.perigee.api.gateway.AgentBook;
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

    private final Settings.Api settings;
    private final Switchboard board;
    private final AgentBook agents;
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
            ArtifactStore store,
            Database database,
            Clock clock) {
        this.settings = settings.api();
        this.board = board;
        this.agents = agents;
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
    }

    void close() {
        thread.interrupt();
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
            if (!forgotAt.plus(FORGET_EVERY).isAfter(now)) {
                forget(now);
                forgotAt = now;
            }
        } catch (TryLater away) {
            hearingSince = now;
            LOG.warnf("housekeeping waits: %s", away.getMessage());
        } catch (IOException failure) {
            LOG.errorf(failure, "expired uploads were not deleted");
            forgotAt = now;
        }
    }

    private void forget(Instant now) throws IOException {
        var uploads = now.minus(settings.artifacts().uploadExpiry());
        database.transact(tx -> {
            tx.execute("delete from challenge where expires_at < $1", now);
            tx.execute("delete from session where expires_at < $1", now);
            tx.execute("delete from idempotency where created_at < $1", now.minus(KEEP_ANSWERS));
            tx.execute("delete from upload where created_at < $1", uploads);
            tx.execute(
                    "update delivery set open = false where open and kind in ('stop', 'verdict') and created_at < $1",
                    now.minus(KEEP_DELIVERIES));
            tx.execute("delete from delivery where not open and created_at < $1", now.minus(KEEP_ANSWERS));
        });
        store.dropOlderThan(uploads);
    }
}
