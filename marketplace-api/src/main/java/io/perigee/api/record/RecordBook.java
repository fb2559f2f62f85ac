package io.perigee.api.record;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.OrderOutcome;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.verification.Population;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;

/** Reads what the scheduler has told of those who took part in jobs. Bounded: of what is too much, the newest. */
public interface RecordBook {
    /** How the orders of a builder ended. */
    Uni<List<OrderOutcome>> orders(Address builder);

    /** How the runs of an owner ended, by what they were. */
    Uni<Map<Field, List<Outcome>>> runs(Address owner);

    /** The numeric classes that are offered now, or were some seconds ago. */
    Uni<Map<Digest, Population>> classes();
}
