package io.perigee.eventlog.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The relay's side of the outbox: taking what is unsent, in order, and noting what was sent. */
public final class OutboxStore {
    /** The most that one call forgets; there may be more. */
    public static final int FORGOTTEN_AT_ONCE = 10_000;

    private static final int STRETCH_ROWS = 10_000;
    private static final int BATCH_ROWS = 500;
    private static final long BATCH_BYTES = 16L << 20;

    /**
     * Lanes of the first that wait: as many as these are no reason to read all that wait. None while records of a lost topic
     * are put back: a later one of their key would overtake them.
     */
    private static final String LANES = """
      SELECT lane::int FROM outbox_lane l
      WHERE lane IN (SELECT w.lane FROM (SELECT lane FROM outbox_waiting ORDER BY seq LIMIT 2000) w)
        AND NOT EXISTS (SELECT 1 FROM outbox_topic WHERE again_after IS NOT NULL)
      ORDER BY lane FOR UPDATE OF l SKIP LOCKED
      """;

    /** Only the oldest are looked at, however many there are: the age is in no index, and this must end in time. */
    private static final String FORGET = """
      DELETE FROM outbox WHERE seq IN (
        SELECT o.seq FROM (SELECT seq, created_at FROM outbox ORDER BY seq LIMIT $2) o
        WHERE o.created_at < clock_timestamp() - make_interval(secs => $1)
          AND NOT EXISTS (SELECT 1 FROM outbox_waiting w WHERE w.seq = o.seq))
      """;

    private static final String PUT_BACK = """
      INSERT INTO outbox_waiting SELECT seq, lane FROM outbox WHERE seq > $1 AND seq <= $2 AND topic = $3
      ON CONFLICT DO NOTHING
      """;

    /**
     * What is kept elsewhere is looked up record by record, and once for each: OFFSET 0 keeps it so. A record whose payload
     * is in neither place is among them: passed over, later ones of its key would overtake it.
     */
    private static final String OLDEST = """
      SELECT seq, topic, key, payload FROM (
        SELECT *, sum(size) OVER (ORDER BY seq) - size AS before FROM (
          SELECT *, coalesce(octet_length(payload), 0) AS size FROM (
            SELECT seq FROM outbox_waiting WHERE lane = ANY ($1) ORDER BY seq LIMIT $2) AS oldest
          JOIN LATERAL (
            SELECT o.topic, o.key, coalesce(o.payload,
              (SELECT k.payload FROM outbox_kept k WHERE k.envelope_id = o.envelope_id)) AS payload
            FROM outbox o WHERE o.seq = oldest.seq OFFSET 0) AS record ON true) AS found) AS sized
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
                    .map(OutboxStore::unsent)
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

    private static Unsent unsent(Row row) {
        long seq = row.number("seq");
        var payload = row.optionalBytes("payload")
                .orElseThrow(() -> new IllegalStateException(
                        "Expected to send record %d, but its payload is neither in the outbox nor kept elsewhere"
                                .formatted(seq)));
        return new Unsent(seq, row.string("topic"), row.string("key"), payload);
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

    /** How long the oldest record that waits has waited; zero when none does. */
    public Duration waiting() {
        return database.reading(tx -> tx.queryOne(
                        "SELECT (extract(epoch FROM clock_timestamp() - created_at) * 1000)::bigint AS millis FROM outbox"
                                + " WHERE seq = (SELECT min(seq) FROM outbox_waiting)"))
                .map(row -> Duration.ofMillis(Math.max(0, row.number("millis"))))
                .orElse(Duration.ZERO);
    }

    /** Of the {@link #FORGOTTEN_AT_ONCE} oldest records, deletes those written longer ago than {@code age} that were sent. */
    public int forgetSent(Duration age) {
        return database.inTransaction(tx -> tx.execute(FORGET, (double) age.toSeconds(), (long) FORGOTTEN_AT_ONCE));
    }

    /**
     * Compares the topics' identities with those of the last time. A topic with another identity was deleted and made
     * again: everything kept of it must be sent once more, and the consumers' inboxes absorb what they had. Nothing is sent
     * until {@link #putBackSome} has found all of it.
     *
     * @return the topics that were lost
     */
    public List<String> noteLostTopics(Map<String, String> identities) {
        return database.inTransaction(tx -> {
            var lost = new ArrayList<String>();
            // ordered, so that two relays take the rows' locks in one order
            new TreeMap<>(identities).forEach((topic, id) -> {
                var known = tx.queryOne("SELECT topic_id FROM outbox_topic WHERE topic = $1 FOR UPDATE", topic)
                        .map(row -> row.string("topic_id"));
                if (known.isEmpty()) {
                    tx.execute(
                            "INSERT INTO outbox_topic (topic, topic_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                            topic,
                            id);
                } else if (!known.get().equals(id)) {
                    tx.execute("UPDATE outbox_topic SET topic_id = $2, again_after = 0 WHERE topic = $1", topic, id);
                    lost.add(topic);
                }
            });
            return lost;
        });
    }

    /**
     * Puts the next stretch of a lost topic's records back to those that wait. How far it came is committed with it, so any
     * relay goes on where another has ended.
     *
     * @return whether there may be more
     */
    public boolean putBackSome() {
        return database.inTransaction(tx -> {
            var lost = tx.queryOne("SELECT topic, again_after FROM outbox_topic WHERE again_after IS NOT NULL"
                    + " ORDER BY topic LIMIT 1 FOR UPDATE");
            if (lost.isEmpty()) {
                return false;
            }
            var topic = lost.get().string("topic");
            long after = lost.get().number("again_after");
            var stretch = tx.query(
                            "SELECT max(seq) AS last FROM (SELECT seq FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2) s",
                            after,
                            (long) STRETCH_ROWS)
                    .getFirst()
                    .optionalNumber("last");
            if (stretch.isEmpty()) {
                tx.execute("UPDATE outbox_topic SET again_after = NULL WHERE topic = $1", topic);
            } else {
                long last = stretch.get();
                tx.execute(PUT_BACK, after, last, topic);
                tx.execute("UPDATE outbox_topic SET again_after = $2 WHERE topic = $1", topic, last);
            }
            return true;
        });
    }

    /** Calls {@code wake} when records were appended; see {@link Database#listen}. */
    public AutoCloseable listen(Runnable wake) {
        return database.listen(database.settings().schema() + "_outbox", wake);
    }
}
