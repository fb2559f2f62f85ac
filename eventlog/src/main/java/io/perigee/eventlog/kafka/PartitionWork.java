package io.perigee.eventlog.kafka;

import io.perigee.eventlog.Backoff;
import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.DeadReason;
import io.perigee.eventlog.RecordHandler;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.Unprocessable;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Inbox;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.fact.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The records of one partition, one after the other. Remembers between polls how often the record it stands at has
 * failed. Used by one thread at a time.
 */
final class PartitionWork {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionWork.class);

    /** A handler's own failures are tried this often, over more than half a second: what looks like a bug may be a race. */
    private static final int ATTEMPTS = 7;

    /** Records of one transaction at most: enough that a commit costs little, few enough that one fault repeats little. */
    private static final int TOGETHER = 128;

    private static final long TOGETHER_BYTES = 4L << 20;

    private final Database database;
    private final String consumer;
    private final RecordHandler handler;
    private final DeadLetters deadLetters;
    private final ConsumerMetrics metrics;
    /** Short at first: what a record waits for is most often on its way, such as the job that a command names. */
    private final Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(5));

    private long failingOffset = -1;
    private int failures;

    PartitionWork(
            Database database,
            String consumer,
            RecordHandler handler,
            DeadLetters deadLetters,
            ConsumerMetrics metrics) {
        this.database = database;
        this.consumer = consumer;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    /**
     * How far it came.
     *
     * @param next the offset of the first record that is not done
     * @param pause how long to wait before that one is tried again; null when nothing failed
     */
    record Progress(long next, @Nullable Duration pause) {}

    /** Works through the records until one must wait, the records end, or {@code stop} says so. */
    Progress work(List<ConsumerRecord<byte[], byte[]>> all, BooleanSupplier stop) {
        var records = all.stream().filter(this::isHeard).toList();
        long next = all.getFirst().offset();
        int at = 0;
        while (at < records.size() && !stop.getAsBoolean()) {
            int together = together(records, at);
            if (together > 1) {
                at += together;
                next = records.get(at - 1).offset() + 1;
                continue;
            }
            // the rest of a group that failed, or one that stands alone
            int end = Math.min(records.size(), at - together + 1);
            for (; at < end && !stop.getAsBoolean(); at++) {
                var record = records.get(at);
                Duration pause = one(record);
                if (pause != null) {
                    return new Progress(record.offset(), pause);
                }
                next = record.offset() + 1;
            }
        }
        return new Progress(at < records.size() ? next : all.getLast().offset() + 1, null);
    }

    /** Whether the handler wants to hear of it; what cannot be read is for the dead letters, and is. */
    private boolean isHeard(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                || Envelope.sourceOf(record.value()).map(handler::hears).orElse(true);
    }

    /**
     * Applies the records from a place on that may share a transaction, with one commit.
     *
     * @return how many were applied, more than one; or else, negated, how many beyond the first have to be applied one by one
     */
    private int together(List<ConsumerRecord<byte[], byte[]>> records, int from) {
        var envelopes = new ArrayList<Envelope>();
        long bytes = 0;
        for (int i = from; i < records.size() && envelopes.size() < TOGETHER; i++) {
            var value = records.get(i).value();
            bytes += value == null ? 0 : value.length;
            var envelope = bytes > TOGETHER_BYTES ? null : shared(records.get(i));
            if (envelope == null) {
                break;
            }
            envelopes.add(envelope);
        }
        if (envelopes.size() < 2) {
            return 0;
        }
        try {
            apply(records.get(from).topic(), envelopes);
            backoff.reset();
            failures = 0;
            return envelopes.size();
        } catch (RuntimeException e) {
            // whose fault it is, and whether it must wait, is found out one by one
            LOG.atDebug().addKeyValue("records", envelopes.size()).setCause(e).log("records are applied one by one");
            return 1 - envelopes.size();
        }
    }

    /** What the record says, when it may share a transaction; whatever else it is, its own turn tells. */
    private @Nullable Envelope shared(ConsumerRecord<byte[], byte[]> record) {
        try {
            var envelope = decode(record);
            return handler.shares(envelope) ? envelope : null;
        } catch (Unprocessable unreadable) {
            return null;
        }
    }

    private void apply(String topic, List<Envelope> envelopes) {
        int applied = database.inTransaction(tx -> {
            var fresh = Inbox.firstTime(
                    tx, consumer, envelopes.stream().map(Envelope::id).toList());
            // remove: a record that is twice among them counts once
            var first = envelopes.stream()
                    .filter(envelope -> fresh.remove(envelope.id()))
                    .toList();
            if (!first.isEmpty()) {
                handler.handle(tx, first);
            }
            first.forEach(_ -> CrashPoints.hit("consumer-before-commit"));
            return first.size();
        });
        envelopes.forEach(_ -> CrashPoints.hit("consumer-after-commit"));
        for (int i = 0; i < envelopes.size(); i++) {
            metrics.consumed(topic, i < applied);
        }
    }

    /** Does one record; a duration when it must be tried again. */
    private @Nullable Duration one(ConsumerRecord<byte[], byte[]> record) {
        try {
            apply(record);
            backoff.reset();
            failures = 0;
            return null;
        } catch (TryLater e) {
            Duration pause = backoff.next();
            metrics.retried();
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("pauseMs", pause.toMillis())
                    .addKeyValue("cause", e.getMessage())
                    .log("record waits");
            return pause;
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            Envelope envelope = decode(record);
            try (var _ = MDC.putCloseable("key", envelope.key());
                    var _ = MDC.putCloseable("trace", envelope.trace())) {
                boolean fresh = database.inTransaction(tx -> {
                    if (!Inbox.firstTime(tx, consumer, envelope.id())) {
                        return false;
                    }
                    handler.handle(tx, envelope);
                    CrashPoints.hit("consumer-before-commit");
                    return true;
                });
                CrashPoints.hit("consumer-after-commit");
                metrics.consumed(record.topic(), fresh);
            }
        } catch (Unprocessable e) {
            bury(record, e.reason(), String.valueOf(e.getMessage()));
        } catch (TryLater e) {
            throw e;
        } catch (RuntimeException e) {
            afterFailure(record, e);
        }
    }

    /** A failure of the handler itself: tried a few times more, then the partition goes on without the record. */
    private void afterFailure(ConsumerRecord<byte[], byte[]> record, RuntimeException failure) {
        failures = record.offset() == failingOffset ? failures + 1 : 1;
        failingOffset = record.offset();
        LOG.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("offset", record.offset())
                .addKeyValue("attempt", failures)
                .setCause(failure)
                .log("handler failed");
        if (failures < ATTEMPTS) {
            throw new TryLater("The handler failed: " + failure, failure);
        }
        bury(record, DeadReason.FAILED, failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, DeadReason reason, String detail) {
        deadLetters.put(record, reason, detail);
        metrics.deadLettered(record.topic(), reason);
        LOG.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .addKeyValue("detail", detail)
                .log("dead letter");
    }

    private static Envelope decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            throw new Unprocessable(DeadReason.EMPTY, "Expected to read an envelope, but the record has no value");
        }
        if (value.length > Topics.MAX_RECORD_BYTES) {
            throw new Unprocessable(
                    DeadReason.TOO_LARGE,
                    "Expected a record of at most %d bytes, but it has %d"
                            .formatted(Topics.MAX_RECORD_BYTES, value.length));
        }
        Envelope envelope;
        try {
            envelope = Envelope.ofJson(value);
        } catch (InvalidValue e) {
            throw new Unprocessable(DeadReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw new Unprocessable(DeadReason.UNDECODABLE, "Expected to read an envelope, but decoding failed: " + e);
        }
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (!key.equals(envelope.key())) {
            throw new Unprocessable(
                    DeadReason.WRONG_KEY,
                    "Expected the record's key to be '%s', but it is '%s'"
                            .formatted(envelope.key(), key.substring(0, Math.min(80, key.length()))));
        }
        return envelope;
    }
}
