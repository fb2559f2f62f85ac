package io.perigee.settlement.watch;

import io.perigee.eventlog.postgres.Tx;
import java.util.List;

/** What confirmed events do to the rest of the service. */
public interface Effects {
    /** Takes events of newly confirmed blocks, in chain order, once each. */
    void apply(Tx tx, List<Seen> events, long block);

    /** Forgets everything that events ever did, because some of them are no longer true; they are then applied again. */
    void clear(Tx tx);

    /** Takes events again after {@link #clear}; nobody is to be told of them a second time. */
    void replay(Tx tx, List<Seen> events);
}
