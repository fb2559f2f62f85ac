package io.perigee.eventlog.postgres;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A LISTEN that reconnects by itself, and wakes its owner when it does. */
final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long RECONNECT_MILLIS = 250;

    private final PgSubscriber subscriber;

    Listener(Vertx vertx, PgConnectOptions options, String channel, Runnable wake) {
        this.subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(_ -> RECONNECT_MILLIS);
        var listened = subscriber.channel(channel);
        listened.subscribeHandler(_ -> wake.run());
        listened.handler(_ -> wake.run());
        subscriber.connect();
    }

    @Override
    public void close() {
        try {
            subscriber.close().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("listener closed with an error", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
