package io.perigee.api.persistence.postgres;

import io.perigee.api.persistence.Aside;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Runs work in a Hibernate Reactive transaction, on a context of its own and detached from whoever waits for it.
 *
 * <p>A caller that goes away in the middle does not cancel the work: cancelling a session that waits for a connection
 * would lose the connection. The session belongs to the context made for it, so no two pieces of work can meet in one;
 * the result comes back where it was asked for.
 */
@Singleton
public final class Transactions {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Mutiny.SessionFactory sessions;
    private final Database database;
    private final Duration timeout;

    Transactions(Vertx vertx, Mutiny.SessionFactory sessions, Database database, Settings settings) {
        this.database = database;
        this.vertx = vertx;
        this.sessions = sessions;
        this.timeout = settings.api().limits().database();
    }

    /** Commits when the work succeeds and rolls back when it fails; fails when it takes too long. */
    public <T> Uni<T> run(Function<Mutiny.Session, Uni<T>> work) {
        return Aside.back(Uni.createFrom()
                .deferred(() -> detached(work).ifNoItem().after(timeout).fail()));
    }

    /**
     * What many ask for and may be a little old: read once for all who ask for the result within that time. A failure is not
     * kept.
     */
    public <T> Uni<T> lately(Duration good, Function<Mutiny.Session, Uni<T>> work) {
        return Aside.lately(good, run(work));
    }

    /** Blocking work that only reads, for whoever answers with a {@code Uni}: on a virtual thread; the result comes back. */
    public <T> Uni<T> reading(Function<Tx, T> work) {
        return Aside.of(() -> database.reading(work));
    }

    /** The same for code on a virtual thread; never call it on an event loop. */
    public <T> T await(Function<Mutiny.Session, Uni<T>> work) {
        return run(work).await().atMost(timeout.plus(GRACE));
    }

    private <T> Uni<T> detached(Function<Mutiny.Session, Uni<T>> work) {
        return Uni.createFrom().emitter(waiting -> {
            var context = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
            VertxContextSafetyToggle.setContextSafe(context, true);
            context.runOnContext(
                    _ -> sessions.withTransaction(work).subscribe().with(waiting::complete, waiting::fail));
        });
    }
}
