package io.perigee.eventlog.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The relay's side of the outbox: taking what is unsent, in order, and noting what was sent. */
public final class OutboxStore {
    private static final int BATCH_ROWS = 200;
    private static final long BATCH_BYTES = 16L << 20;

    private final Database database;

    public OutboxStore(Database database) {
        this.database = database;
    }

    /** A record that waits to be sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Unsent(long seq, String topic, String key, byte[] payload) {}

    /** Sends records and says which of them arrived for certain. */
    @FunctionalInterface
    public interface Sending {
        List<Unsent> send(List<Unsent> batch);
    }

    /**
     * Takes the oldest unsent records of all lanes nobody else holds, and marks as sent what {@code sending} returns.
     * Lanes stay locked meanwhile, so two relays never hold records of one key. When the process dies between sending
     * and marking, the records are sent again.
     *
     * @return how many records were taken; 0 when there is nothing to do
     */
    public int pass(Sending sending) {
        return database.inTransaction(tx -> {
            Short[] lanes = tx.query("""
                      SELECT lane::int FROM outbox_lane l
                      WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.lane = l.lane AND o.sent_at IS NULL)
                      ORDER BY lane FOR UPDATE OF l SKIP LOCKED""").stream()
                    .map(row -> (short) row.integer("lane"))
                    .toArray(Short[]::new);
            if (lanes.length == 0) {
                return 0;
            }
            // a statement of its own: its snapshot is newer than the locks, and sees what the last holder marked
            List<Unsent> batch = tx.query("""
                      SELECT seq, topic, key, payload FROM (
                        SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) - octet_length(payload) AS before FROM (
                          SELECT seq, topic, key, payload FROM outbox
                          WHERE sent_at IS NULL AND lane = ANY ($1) ORDER BY seq LIMIT $2) AS oldest) AS sized
                      WHERE before < $3 ORDER BY seq""", lanes, (long) BATCH_ROWS, BATCH_BYTES).stream()
                    .map(row ->
                            new Unsent(row.number("seq"), row.string("topic"), row.string("key"), row.bytes("payload")))
                    .toList();
            if (batch.isEmpty()) {
                return 0;
            }
            Long[] sent = sending.send(batch).stream().map(Unsent::seq).toArray(Long[]::new);
            if (sent.length > 0) {
                tx.execute("UPDATE outbox SET sent_at = clock_timestamp() WHERE seq = ANY ($1)", (Object) sent);
            }
            return batch.size();
        });
    }

    /** How many records wait. */
    public long depth() {
        return database.inTransaction(tx -> tx.query("SELECT count(*) AS depth FROM outbox WHERE sent_at IS NULL")
                .getFirst()
                .number("depth"));
    }

    /** Deletes records that were sent longer ago than {@code age}; at most 10,000 in one go. */
    public int forgetSent(Duration age) {
        return database.inTransaction(tx -> tx.execute("""
                DELETE FROM outbox WHERE seq IN (
                  SELECT seq FROM outbox WHERE sent_at < clock_timestamp() - make_interval(secs => $1) LIMIT 10000)""", (double) age.toSeconds()));
    }

    /**
     * Compares the topics' identities with those of the last time. A topic with another identity was deleted and made
     * again: everything kept of it is sent once more, and the consumers' inboxes absorb what they had.
     *
     * @return the records that will be sent again, by topic
     */
    public Map<String, Integer> resendLostTopics(Map<String, String> identities) {
        return database.inTransaction(tx -> {
            var again = new TreeMap<String, Integer>();
            // ordered, so that two relays take the rows' locks in one order
            new TreeMap<>(identities).forEach((topic, id) -> {
                var known = tx.queryOne("SELECT topic_id FROM outbox_topic WHERE topic = $1 FOR UPDATE", topic)
                        .map(row -> row.string("topic_id"));
                if (known.isEmpty()) {
                    tx.execute("INSERT INTO outbox_topic VALUES ($1, $2) ON CONFLICT DO NOTHING", topic, id);
                } else if (!known.get().equals(id)) {
                    tx.execute("UPDATE outbox_topic SET topic_id = $2 WHERE topic = $1", topic, id);
                    int rows = tx.execute(
                            "UPDATE outbox SET sent_at = NULL WHERE topic = $1 AND sent_at IS NOT NULL", topic);
                    again.put(topic, rows);
                }
            });
            return again;
        });
    }

    /** Calls {@code wake} when records were appended; see {@link Database#listen}. */
    public AutoCloseable listen(Runnable wake) {
        return database.listen(database.settings().schema() + "_outbox", wake);
    }
}
