package io.perigee.eventlog.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The relay's side of the outbox: taking what is unsent, in order, and noting what was sent. */
public final class OutboxStore {
    /** The most that one call forgets; there may be more. */
    public static final int FORGOTTEN_AT_ONCE = 10_000;

    private static final int BATCH_ROWS = 500;
    private static final long BATCH_BYTES = 16L << 20;

    /** Lanes of the first that wait: as many as these are no reason to read all that wait. */
    private static final String LANES = """
      SELECT lane::int FROM outbox_lane l
      WHERE lane IN (SELECT w.lane FROM (SELECT lane FROM outbox_waiting ORDER BY seq LIMIT 2000) w)
      ORDER BY lane FOR UPDATE OF l SKIP LOCKED
      """;

    private static final String OLDEST = """
      SELECT seq, topic, key, payload FROM (
        SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) - octet_length(payload) AS before FROM (
          SELECT seq FROM outbox_waiting WHERE lane = ANY ($1) ORDER BY seq LIMIT $2) AS oldest
        JOIN LATERAL (SELECT o.topic, o.key, o.payload FROM outbox o WHERE o.seq = oldest.seq) AS record ON true) AS sized
      WHERE before < $3 ORDER BY seq
      """;

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
     * and marking, the records are sent again; that is why the mark need not have reached the disk when this returns.
     *
     * @return whether there may be more to do; what is appended after the look at the outbox is announced
     */
    public boolean pass(Sending sending) {
        return database.inTransaction(tx -> {
            Short[] lanes = tx.query(LANES).stream()
                    .map(row -> (short) row.integer("lane"))
                    .toArray(Short[]::new);
            if (lanes.length == 0) {
                return false;
            }
            // a statement of its own: its snapshot is newer than the locks, and sees what the last holder marked
            List<Unsent> batch = tx.query(OLDEST, lanes, (long) BATCH_ROWS, BATCH_BYTES).stream()
                    .map(row ->
                            new Unsent(row.number("seq"), row.string("topic"), row.string("key"), row.bytes("payload")))
                    .toList();
            if (batch.isEmpty()) {
                return false;
            }
            var sent = sending.send(batch);
            if (!sent.isEmpty()) {
                tx.later("SET LOCAL synchronous_commit = off");
                tx.later("DELETE FROM outbox_waiting WHERE seq = ANY ($1)", (Object)
                        sent.stream().map(Unsent::seq).toArray(Long[]::new));
            }
            return sent.size() < batch.size() || isFull(batch);
        });
    }

    private static boolean isFull(List<Unsent> batch) {
        return batch.size() == BATCH_ROWS
                || batch.stream().mapToLong(each -> each.payload().length).sum() >= BATCH_BYTES;
    }

    /** How many records wait. */
    public long depth() {
        return database.inTransaction(tx -> tx.query("SELECT count(*) AS depth FROM outbox_waiting")
                .getFirst()
                .number("depth"));
    }

    /** Deletes records that were written longer ago than {@code age} and were sent; {@link #FORGOTTEN_AT_ONCE} at most. */
    public int forgetSent(Duration age) {
        return database.inTransaction(tx -> tx.execute("""
                DELETE FROM outbox WHERE seq IN (
                  SELECT seq FROM outbox o WHERE created_at < clock_timestamp() - make_interval(secs => $1)
                    AND NOT EXISTS (SELECT 1 FROM outbox_waiting w WHERE w.seq = o.seq)
                  ORDER BY seq LIMIT $2)""", (double) age.toSeconds(), (long) FORGOTTEN_AT_ONCE));
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
                            "INSERT INTO outbox_waiting SELECT seq, lane FROM outbox WHERE topic = $1 ON CONFLICT DO NOTHING",
                            topic);
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
