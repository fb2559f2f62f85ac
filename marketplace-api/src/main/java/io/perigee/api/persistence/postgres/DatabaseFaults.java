package io.perigee.api.persistence.postgres;

import io.perigee.eventlog.TryLater;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Which failures say that the database is away or busy, and so that asking again helps. The driver never lets a bare
 * {@code IOException} out: what its connections meet comes inside a {@code VertxException} of no kind of its own. A file
 * that cannot be written, a request whose sender left and JSON that is none are others' faults.
 */
public final class DatabaseFaults {
    /** Cancelled by the statement timeout, or the server is shutting down or has no connection left. */
    private static final Set<String> BUSY_STATES =
            Set.of("57014", "57P01", "57P02", "57P03", "53300", "40001", "40P01");

    /** How the driver ends commands that it had not yet sent when the server closed the connection. */
    private static final String UNSENT = "Pending requests failed to be sent due to connection has been closed.";

    private DatabaseFaults() {}

    public static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException fault) {
                return BUSY_STATES.contains(String.valueOf(fault.getSqlState()));
            }
            if (isOfConnection(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfConnection(Throwable cause) {
        return cause instanceof TryLater
                || cause instanceof ClosedConnectionException
                || cause instanceof ConnectionPoolTooBusyException
                || cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause.getClass() == VertxException.class
                || UNSENT.equals(cause.getMessage());
    }
}
