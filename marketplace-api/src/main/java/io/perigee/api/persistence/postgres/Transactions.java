package io.perigee.api.persistence.postgres;

import io.perigee.api.settings.Settings;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Runs work in a Hibernate Reactive transaction, detached from whoever waits for it.
 *
 * <p>A caller that goes away in the middle does not cancel the work: cancelling a session that waits for a connection
 * would lose the connection. One session never runs two operations at once, and nothing but database work happens in it.
 */
@Singleton
public final class Transactions {
  private final Mutiny.SessionFactory sessions;
  private final Duration timeout;

  Transactions(Mutiny.SessionFactory sessions, Settings settings) {
    this.sessions = sessions;
    this.timeout = settings.api().limits().database();
  }

  /** Commits when the work succeeds and rolls back when it fails; fails when it takes too long. */
  public <T> Uni<T> run(Function<Mutiny.Session, Uni<T>> work) {
    return Uni.createFrom()
        .<T>emitter(
            waiting ->
                sessions.withTransaction(work).subscribe().with(waiting::complete, waiting::fail))
        .ifNoItem()
        .after(timeout)
        .fail();
  }

  /** The same for code on a virtual thread; never call it on an event loop. */
  public <T> T await(Function<Mutiny.Session, Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(() -> run(work));
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("database work failed", failure);
    }
  }
}
