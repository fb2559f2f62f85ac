package io.perigee.api.persistence.postgres;

import io.perigee.api.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/**
 * Hears what any instance of this process stored. Notifications are lost while the connection is away, so every
 * listener is also told when it is back and must look for itself.
 */
@Singleton
public final class Notifications {
    public static final String JOB = "perigee_api_job";
    public static final String AGENT = "perigee_api_agent";
    public static final String OFFERS = "perigee_api_offers";
    private static final long RECONNECT_MILLIS = 500;

    private final PgSubscriber subscriber;

    Notifications(Vertx vertx, Settings settings) {
        var database = settings.database();
        var options = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password());
        options.setTcpKeepAlive(true);
        options.addProperty("application_name", "perigee-api-notifications");
        this.subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(_ -> RECONNECT_MILLIS);
    }

    /** Called on an event loop: neither may block. */
    public void listen(String channel, Consumer<String> heard, Runnable maybeMissed) {
        var listened = subscriber.channel(channel);
        listened.subscribeHandler(_ -> maybeMissed.run());
        listened.handler(heard::accept);
    }

    public void connect() {
        subscriber.connect();
    }

    public void close() {
        subscriber.close();
    }
}
