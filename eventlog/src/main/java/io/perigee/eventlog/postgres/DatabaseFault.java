package io.perigee.eventlog.postgres;

import io.perigee.eventlog.TryLater;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** Tells what the database refuses from what it cannot do at the moment. */
final class DatabaseFault {
    /**
     * SQLSTATE classes that say "not now": connection, out of resources, operator intervention (also a statement that ran
     * out of time), system error, transaction rollback (deadlock, serialisation) and lock not available.
     */
    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "55", "57", "58");

    private DatabaseFault() {}

    static RuntimeException of(Throwable cause) {
        if (cause instanceof PgException refusal) {
            String state = refusal.getSqlState() == null ? "" : refusal.getSqlState();
            if (state.length() == 5 && TRANSIENT_CLASSES.contains(state.substring(0, 2))) {
                return new TryLater(
                        "The database cannot do it now: " + refusal.getErrorMessage() + " (" + state + ")", refusal);
            }
            return new SqlRefused(state, refusal.getConstraint(), refusal.getErrorMessage(), refusal);
        }
        return new TryLater("The database is not there: " + cause.getMessage(), cause);
    }
}
