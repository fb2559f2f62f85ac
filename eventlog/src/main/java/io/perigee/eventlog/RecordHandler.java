package io.perigee.eventlog;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;

/** What a consumer does with one record. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * Applies the record. Everything written through {@code tx} is stored together with the note that this record was
     * seen, so it takes effect once; the call itself may happen more than once.
     *
     * @throws TryLater when something needed is not there at the moment: tried again without end
     * @throws Unprocessable when it can never be applied: to the dead letters at once
     */
    void handle(Tx tx, Envelope envelope);
}
