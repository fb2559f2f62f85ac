package io.perigee.eventlog.postgres;

import io.perigee.eventlog.TryLater;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** Tells what the database refuses from what it cannot do at the moment. */
final class DatabaseFault {
    /**
     * SQLSTATE classes that say "not now": connection, out of resources, operator intervention (also a statement that ran
     * out of time), system error, transaction rollback (deadlock, serialisation) and lock not available; and no access, no
     * such database, a broken configuration or an inner fault, which no statement of ours is the reason of.
     */
    private static final Set<String> TRANSIENT_CLASSES =
            Set.of("08", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX");
    /** A server that was a standby until now, or is made one; a transaction that stood still for too long. */
    private static final Set<String> TRANSIENT_STATES = Set.of("25006", "25P03");

    static RuntimeException of(Throwable cause) {
        if (cause instanceof PgException refusal) {
            String state = refusal.getSqlState() == null ? "" : refusal.getSqlState();
            if (state.length() == 5
                    && (TRANSIENT_CLASSES.contains(state.substring(0, 2)) || TRANSIENT_STATES.contains(state))) {
                return new TryLater(
                        "The database cannot do it now: " + refusal.getErrorMessage() + " (" + state + ")", refusal);
            }
            return new SqlRefused(state, refusal.getConstraint(), refusal.getErrorMessage(), refusal);
        }
        return new TryLater("The database is not there: " + cause.getMessage(), cause);
    }
}
