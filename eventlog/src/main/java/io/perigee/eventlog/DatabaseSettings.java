package io.perigee.eventlog;

import java.time.Duration;

/**
 * Where a service's schema is, and how long it waits for it.
 *
 * @param connections upper bound of open connections
 * @param connectTimeout longest wait for a connection, a new one or one of the pool
 * @param statementTimeout the server ends a statement that takes longer
 */
public record DatabaseSettings(
        String host,
        int port,
        String name,
        String schema,
        String user,
        String password,
        int connections,
        Duration connectTimeout,
        Duration statementTimeout) {

    public DatabaseSettings {
        if (!schema.matches("[a-z][a-z0-9_]{0,40}")) {
            throw new IllegalArgumentException("Expected a plain schema name, but got '" + schema + "'");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("Expected a TCP port, but got " + port);
        }
        if (connections < 2) {
            throw new IllegalArgumentException("Expected at least 2 connections, but got " + connections);
        }
    }

    /** Eight connections, 5 s to connect, 15 s a statement. */
    public DatabaseSettings(String host, int port, String name, String schema, String user, String password) {
        this(host, port, name, schema, user, password, 8, Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + name + "?schema=" + schema;
    }
}
