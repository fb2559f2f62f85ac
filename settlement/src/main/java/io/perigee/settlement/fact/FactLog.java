package io.perigee.settlement.fact;

import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.Fact;
import io.perigee.protocol.id.Uuid7;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Writes facts to the outbox, in the transaction of what they speak of. */
public final class FactLog {
    public static final String SOURCE = "settlement";

    private final InstantSource clock;
    private final RandomGenerator random = new SecureRandom();

    public FactLog(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Appends one.
     *
     * @param trace of the record that led to it; empty when the chain did
     */
    public void publish(Tx tx, Fact fact, String trace) {
        var bytes = new byte[Uuid7.RANDOM_BYTES];
        random.nextBytes(bytes);
        var now = clock.instant();
        Outbox.append(tx, Envelope.of(Uuid7.of(now, bytes), now, SOURCE, trace, fact));
    }
}
