package io.perigee.eventlog.kafka;

import io.perigee.eventlog.DeadReason;
import io.perigee.eventlog.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts records that nobody can use aside, with where they came from and why in their headers. */
public final class DeadLetters {
    public static final String REASON = "perigee-reason";
    public static final String DETAIL = "perigee-detail";
    public static final String CONSUMER = "perigee-consumer";
    public static final String TOPIC = "perigee-topic";
    public static final String PARTITION = "perigee-partition";
    public static final String OFFSET = "perigee-offset";

    /** The full length of a value that was cut. */
    public static final String CUT = "perigee-cut";

    private static final int MAX_VALUE = 1 << 20;
    private static final int MAX_DETAIL = 2_000;

    private final LogSender sender;
    private final String consumer;

    DeadLetters(LogSender sender, String consumer) {
        this.sender = sender;
        this.consumer = consumer;
    }

    /**
     * Sends the record there and waits until it arrived. May happen twice for one record; its offset tells.
     *
     * @throws io.perigee.eventlog.TryLater when it is not certain to have arrived
     */
    void put(ConsumerRecord<byte[], byte[]> record, DeadReason reason, String detail) {
        byte[] value = record.value();
        boolean cut = value != null && value.length > MAX_VALUE;
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        var letter = new ProducerRecord<String, byte[]>(
                Topics.DEAD_LETTERS,
                key != null && key.length() > 256 ? key.substring(0, 256) : key,
                cut ? Arrays.copyOf(value, MAX_VALUE) : value);
        header(letter, REASON, reason.name());
        header(letter, DETAIL, detail.substring(0, Math.min(MAX_DETAIL, detail.length())));
        header(letter, CONSUMER, consumer);
        header(letter, TOPIC, record.topic());
        header(letter, PARTITION, Integer.toString(record.partition()));
        header(letter, OFFSET, Long.toString(record.offset()));
        if (cut) {
            header(letter, CUT, Integer.toString(value.length));
        }
        sender.send(letter);
    }

    private static void header(ProducerRecord<?, ?> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
