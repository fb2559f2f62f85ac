package io.perigee.eventlog.kafka;

import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.TryLater;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far groups have read the log, by the offsets that they have committed: they have applied what lies before. */
public final class LogReach implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogReach.class);

    private final KafkaSettings settings;
    private final List<Reader> readers;
    private final List<String> topics;
    private final Admin admin;
    /** Groups that the broker does not let us see. */
    private final Set<String> unseen = ConcurrentHashMap.newKeySet();

    /** A group and the topics that it reads. */
    public record Reader(String group, List<String> topics) {
        public Reader {
            topics = List.copyOf(topics);
        }
    }

    /** A partition of a topic. */
    public record Lane(String topic, int partition) {}

    /**
     * How far a partition is read by the reader that is furthest behind.
     *
     * @param read offset before which all is applied
     * @param end offset of the next record that will be written
     */
    public record Stand(long read, long end) {}

    /**
     * What was seen at one instant.
     *
     * @param absent groups that have read and have no member now
     */
    public record View(Map<Lane, Stand> stands, Set<String> absent) {
        public View {
            stands = Map.copyOf(stands);
            absent = Set.copyOf(absent);
        }

        /** The partitions in which records with a key are, as producers choose them. */
        public List<Lane> lanes(String key) {
            return stands.keySet().stream()
                    .filter(lane -> lane.partition() == partitionOf(key, partitions(lane.topic())))
                    .toList();
        }

        private int partitions(String topic) {
            return (int) stands.keySet().stream()
                    .filter(lane -> lane.topic().equals(topic))
                    .count();
        }
    }

    public LogReach(KafkaSettings settings, List<Reader> readers) {
        this.settings = settings;
        this.readers = List.copyOf(readers);
        this.topics = List.copyOf(new TreeSet<>(
                readers.stream().flatMap(reader -> reader.topics().stream()).toList()));
        var p = Clients.properties(settings);
        p.put("default.api.timeout.ms", Clients.millis(settings.requestTimeout()));
        p.put("request.timeout.ms", Clients.millis(settings.requestTimeout().dividedBy(2)));
        this.admin = Admin.create(p);
    }

    /**
     * Looks. A group that has never read anything is none that has to.
     *
     * @throws TryLater when the broker does not answer
     */
    public View look() {
        try {
            var all = partitions();
            var ends = offsets(all, OffsetSpec.latest());
            var starts = offsets(all, OffsetSpec.earliest());
            var stands = new HashMap<Lane, Stand>();
            ends.forEach((partition, end) -> stands.put(lane(partition), new Stand(end, end)));
            var absent = new HashSet<String>();
            for (var reader : readers) {
                var read = read(reader.group());
                if (read.isEmpty()) {
                    continue;
                }
                if (isAbsent(reader.group())) {
                    absent.add(reader.group());
                }
                ends.forEach((partition, end) -> {
                    if (reader.topics().contains(partition.topic())) {
                        var committed = read.get(partition);
                        // what was deleted before anybody read it is past, too
                        long past = Math.max(
                                committed == null ? 0 : committed.offset(), starts.getOrDefault(partition, 0L));
                        stands.merge(
                                lane(partition),
                                new Stand(past, end),
                                (one, other) -> new Stand(Math.min(one.read(), other.read()), end));
                    }
                });
            }
            return new View(stands, absent);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new TryLater("The broker at " + settings.bootstrap() + " does not answer: " + e.getMessage(), e);
        }
    }

    /** What it committed; nothing where it never did, or where the broker does not let us see it: that must not stop us for ever. */
    private Map<TopicPartition, OffsetAndMetadata> read(String group) throws ExecutionException, TimeoutException {
        try {
            return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            if (unseen.add(group)) {
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("cause", e.getCause().getMessage())
                        .log("expected to be let DESCRIBE a group; what it has not read yet counts as read");
            }
            return Map.of();
        }
    }

    private boolean isAbsent(String group) throws ExecutionException, TimeoutException {
        var described =
                await(admin.describeConsumerGroups(List.of(group)).all()).get(group);
        return described == null || described.members().isEmpty();
    }

    private List<TopicPartition> partitions() throws ExecutionException, TimeoutException {
        var all = new ArrayList<TopicPartition>();
        await(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) ->
                        description.partitions().forEach(each -> all.add(new TopicPartition(topic, each.partition()))));
        return all;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, TimeoutException {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(each -> wanted.put(each, which));
        var found = new HashMap<TopicPartition, Long>();
        await(admin.listOffsets(wanted).all()).forEach((partition, info) -> found.put(partition, info.offset()));
        return found;
    }

    private static Lane lane(TopicPartition partition) {
        return new Lane(partition.topic(), partition.partition());
    }

    private static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        return Clients.await(settings, future);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
