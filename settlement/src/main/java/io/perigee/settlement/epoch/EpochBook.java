package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.EpochState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Our own epochs and their files, in PostgreSQL. */
final class EpochBook {
    /** So much of a file is one row. */
    private static final int PART = 1 << 20;

    private static final String COLUMNS = "hub, token, number, root, count, amount, file, jobs, state, gas_used";

    private EpochBook() {}

    static void insert(Tx tx, Epoch epoch, Instant now) {
        tx.execute(
                "INSERT INTO epoch (" + COLUMNS + ", updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                epoch.id().hub().value(),
                epoch.id().token().value(),
                epoch.id().number(),
                epoch.root().value(),
                epoch.count(),
                epoch.amount().value(),
                epoch.file().value(),
                epoch.jobs(),
                epoch.state(),
                epoch.gasUsed(),
                now);
    }

    static Optional<Epoch> find(Tx tx, EpochId id) {
        return find(tx, id, "");
    }

    /** Held against every other change until the transaction ends. */
    static Optional<Epoch> lock(Tx tx, EpochId id) {
        return find(tx, id, " FOR UPDATE");
    }

    private static Optional<Epoch> find(Tx tx, EpochId id, String suffix) {
        return tx.queryOne(
                        "SELECT " + COLUMNS + " FROM epoch WHERE hub = $1 AND token = $2 AND number = $3" + suffix,
                        id.hub().value(),
                        id.token().value(),
                        id.number())
                .map(EpochBook::epoch);
    }

    /** Those that are not settled and not void, the oldest first: there are no more than five. */
    static List<Epoch> open(Tx tx) {
        return tx
                .query("SELECT " + COLUMNS
                        + " FROM epoch WHERE state IN ('BUILDING', 'POSTED', 'DEMANDED') ORDER BY number")
                .stream()
                .map(EpochBook::epoch)
                .toList();
    }

    /** Those whose jobs have not all been told where it stands. */
    static List<Epoch> untold(Tx tx) {
        return tx.query("SELECT " + COLUMNS + " " + """
            FROM epoch e WHERE state <> 'BUILDING' AND EXISTS (
              SELECT 1 FROM payout p WHERE p.token = e.token AND p.epoch = e.number
                AND (p.state = 'IN_EPOCH' OR (p.state = 'POSTED' AND e.state IN ('SETTLED', 'VOID'))))
            ORDER BY number""").stream()
                .map(EpochBook::epoch)
                .toList();
    }

    static void moveTo(Tx tx, EpochId id, EpochState state, long gasUsed, Instant now) {
        tx.execute(
                "UPDATE epoch SET state = $4, gas_used = $5, updated_at = $6 WHERE hub = $1 AND token = $2 AND number = $3",
                id.hub().value(),
                id.token().value(),
                id.number(),
                state,
                gasUsed,
                now);
    }

    /** Stores the file under its content, once. */
    static void store(Tx tx, ContentId content, EpochFile file) {
        try (var parts = new Parts(tx, content)) {
            file.write(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param count how many lines it has, whatever the setting says by now
     * @throws IllegalStateException when it is not there: an epoch is stored with its file
     */
    static EpochFile read(Tx tx, ContentId content, int count) {
        int parts = tx.query("SELECT count(*)::integer AS parts FROM epoch_file WHERE file = $1", content.value())
                .getFirst()
                .integer("parts");
        if (parts == 0) {
            throw new IllegalStateException("Expected to hold epoch file " + content + ", but it is not here");
        }
        var streams = IntStream.range(0, parts).mapToObj(part -> part(tx, content, part));
        try (var in = new SequenceInputStream(Collections.enumeration(streams.toList()))) {
            return EpochFile.read(in, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream part(Tx tx, ContentId content, int part) {
        return new ByteArrayInputStream(
                tx.query("SELECT bytes FROM epoch_file WHERE file = $1 AND part = $2", content.value(), part)
                        .getFirst()
                        .bytes("bytes"));
    }

    /** Makes a row of every so many bytes. */
    private static final class Parts extends OutputStream {
        private final Tx tx;
        private final ContentId content;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(PART);
        private int part;

        Parts(Tx tx, ContentId content) {
            this.tx = tx;
            this.content = content;
        }

        @Override
        public void write(int each) {
            held.write(each);
            flushFull();
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            for (int at = 0; at < length; ) {
                int count = Math.min(length - at, PART - held.size());
                held.write(bytes, from + at, count);
                at += count;
                flushFull();
            }
        }

        private void flushFull() {
            if (held.size() == PART) {
                put();
            }
        }

        private void put() {
            tx.execute(
                    "INSERT INTO epoch_file (file, part, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    content.value(),
                    part++,
                    held.toByteArray());
            held.reset();
        }

        @Override
        public void close() {
            if (held.size() > 0) {
                put();
            }
        }
    }

    private static Epoch epoch(Row row) {
        return new Epoch(
                new EpochId(
                        Address.parse(row.string("hub")), Address.parse(row.string("token")), row.integer("number")),
                Digest.parse(row.string("root")),
                row.integer("count"),
                new Amount(row.bigInteger("amount")),
                ContentId.parse(row.string("file")),
                row.integer("jobs"),
                EpochState.valueOf(row.string("state")),
                row.number("gas_used"));
    }
}
