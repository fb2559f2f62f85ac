package io.perigee.testkit;

import io.perigee.testkit.kafka.Broker;
import io.perigee.testkit.postgres.PostgresServer;

/**
 * One PostgreSQL and one broker for all tests of a JVM, started by the first that asks and ended with the JVM.
 *
 * <p>Tests stay apart by asking for a {@linkplain PostgresServer#newDatabase() database} of their own and by naming
 * their consumer groups and topics apart. A test that kills a server starts one of its own.
 */
public final class TestServers {
    private TestServers() {}

    private static final class Postgres {
        static final PostgresServer INSTANCE = closedAtExit(PostgresServer.start());
    }

    private static final class Kafka {
        static final Broker INSTANCE = closedAtExit(Broker.start());
    }

    public static PostgresServer postgres() {
        return Postgres.INSTANCE;
    }

    public static Broker broker() {
        return Kafka.INSTANCE;
    }

    private static <T extends AutoCloseable> T closedAtExit(T server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("Expected to close " + server + ", but " + e.getMessage());
            }
        }));
        return server;
    }
}
