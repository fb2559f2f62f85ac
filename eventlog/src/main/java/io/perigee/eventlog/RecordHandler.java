package io.perigee.eventlog;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.Envelope;
import java.util.List;

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

    /**
     * Whether records of this source may have any effect. Those of others are passed over: they are neither read further nor
     * noted as seen.
     */
    default boolean hears(String source) {
        return true;
    }

    /**
     * Whether a record may take effect in one transaction with those before and after it in its partition. When such a
     * transaction fails, its records are applied one by one.
     */
    default boolean shares(Envelope envelope) {
        return false;
    }

    /**
     * Applies several records that share a transaction, in their order. Whoever takes locks that other partitions' records
     * may want takes them here first, in an order that all agree on.
     */
    default void handle(Tx tx, List<Envelope> envelopes) {
        envelopes.forEach(envelope -> handle(tx, envelope));
    }
}
