package io.perigee.eventlog.postgres;

import io.perigee.eventlog.Topics;
import io.perigee.protocol.fact.Envelope;
import java.util.List;
import java.util.UUID;

/**
 * Records that leave with the transaction that wrote them.
 *
 * <p>Records of one key are sent in the order they were appended, provided that transactions which write the same key
 * do so one after the other (they hold the lock of the thing the key names).
 */
public final class Outbox {
    /** For writers with a transaction of another kind: parameters are id, topic, key and the envelope's bytes. */
    public static final String INSERT = "INSERT INTO outbox (envelope_id, topic, key, payload) VALUES ($1, $2, $3, $4)";

    private static final String INSERT_MANY = """
      INSERT INTO outbox (envelope_id, topic, key, payload)
      SELECT id, topic, key, payload FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
        WITH ORDINALITY AS each (id, topic, key, payload, place) ORDER BY place""";

    private Outbox() {}

    /**
     * Appends a record to the topic its body names.
     *
     * @throws IllegalArgumentException when it is larger than a record may be
     */
    public static void append(Tx tx, Envelope envelope) {
        append(tx, Topics.of(envelope), envelope);
    }

    /** Appends a record to a topic. */
    public static void append(Tx tx, String topic, Envelope envelope) {
        tx.later(INSERT, envelope.id(), topic, envelope.key(), payload(envelope));
    }

    /** Appends records in their order to the topics their bodies name, with one statement. */
    public static void append(Tx tx, List<Envelope> envelopes) {
        if (envelopes.isEmpty()) {
            return;
        }
        if (envelopes.size() == 1) {
            append(tx, envelopes.getFirst());
            return;
        }
        tx.later(
                INSERT_MANY,
                envelopes.stream().map(Envelope::id).toArray(UUID[]::new),
                envelopes.stream().map(Topics::of).toArray(String[]::new),
                envelopes.stream().map(Envelope::key).toArray(String[]::new),
                envelopes.stream().map(Outbox::payload).toArray(byte[][]::new));
    }

    private static byte[] payload(Envelope envelope) {
        byte[] payload = envelope.toJson();
        if (payload.length > Topics.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("Expected to append a %s of at most %d bytes, but it has %d"
                    .formatted(envelope.type(), Topics.MAX_RECORD_BYTES, payload.length));
        }
        return payload;
    }
}
