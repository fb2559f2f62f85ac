package io.perigee.eventlog.postgres;

import io.perigee.eventlog.Topics;
import io.perigee.protocol.fact.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records that leave with the transaction that wrote them.
 *
 * <p>Records of one key are sent in the order they were appended, provided that transactions which write the same key
 * do so one after the other (they hold the lock of the thing the key names).
 */
public final class Outbox {
    /** For writers with a transaction of another kind: parameters are id, topic, key and the envelope's bytes. */
    public static final String INSERT = "INSERT INTO outbox (envelope_id, topic, key, payload) VALUES ($1, $2, $3, $4)";

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
        append(tx, topic, envelope, envelope.toJson());
    }

    /**
     * Appends a record to the topic its body names that this transaction also writes to a table behind {@code outbox_kept}:
     * it is sent from there.
     *
     * @param length of its bytes
     * @throws IllegalArgumentException when it is larger than a record may be
     */
    public static void appendKept(Tx tx, Envelope envelope, int length) {
        checkLength(envelope, length);
        tx.gathering(Leaving.class, Leaving::new).add(envelope.id(), Topics.of(envelope), envelope.key(), null);
    }

    /** Appends records in their order to the topics their bodies name. */
    public static void append(Tx tx, List<Envelope> envelopes) {
        envelopes.forEach(envelope -> append(tx, envelope));
    }

    private static void append(Tx tx, String topic, Envelope envelope, byte[] json) {
        checkLength(envelope, json.length);
        tx.gathering(Leaving.class, Leaving::new).add(envelope.id(), topic, envelope.key(), json);
    }

    private static void checkLength(Envelope envelope, int length) {
        if (length > Topics.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("Expected to append a %s of at most %d bytes, but it has %d"
                    .formatted(envelope.type(), Topics.MAX_RECORD_BYTES, length));
        }
    }

    /** What leaves with a transaction, in order. */
    private static final class Leaving implements Tx.Gathering {
        private static final String INSERT_MANY = """
          INSERT INTO outbox (envelope_id, topic, key, payload)
          SELECT id, topic, key, payload FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
            WITH ORDINALITY AS each (id, topic, key, payload, place) ORDER BY place""";

        private final List<UUID> ids = new ArrayList<>();
        private final List<String> topics = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private final List<byte @Nullable []> payloads = new ArrayList<>();

        void add(UUID id, String topic, String key, byte @Nullable [] payload) {
            ids.add(id);
            topics.add(topic);
            keys.add(key);
            payloads.add(payload);
        }

        @Override
        public void write(Tx tx) {
            if (ids.size() == 1) {
                tx.later(INSERT, ids.getFirst(), topics.getFirst(), keys.getFirst(), payloads.getFirst());
            } else {
                tx.later(
                        INSERT_MANY,
                        ids.toArray(UUID[]::new),
                        topics.toArray(String[]::new),
                        keys.toArray(String[]::new),
                        payloads.toArray(byte[][]::new));
            }
        }
    }
}
