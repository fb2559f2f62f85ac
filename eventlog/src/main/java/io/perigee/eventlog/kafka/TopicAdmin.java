package io.perigee.eventlog.kafka;

import io.perigee.eventlog.KafkaSettings;
import io.perigee.eventlog.Topics;
import io.perigee.eventlog.TryLater;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that are missing. */
public final class TopicAdmin implements AutoCloseable {
    private static final String RETENTION_MILLIS = Long.toString(7L * 24 * 3600 * 1000);

    private final KafkaSettings settings;
    private final Admin admin;

    public TopicAdmin(KafkaSettings settings) {
        this.settings = settings;
        var p = Clients.properties(settings);
        p.put("default.api.timeout.ms", Clients.millis(settings.requestTimeout()));
        p.put("request.timeout.ms", Clients.millis(settings.requestTimeout().dividedBy(2)));
        this.admin = Admin.create(p);
    }

    /**
     * Creates those of {@link Topics#ALL} that are not there; an operator who made them in advance is left alone.
     *
     * @return each topic's identity, which changes when a topic is deleted and made again
     * @throws TryLater when the broker does not answer
     */
    public Map<String, String> ensureAll() {
        try {
            var present = await(admin.listTopics().names());
            var missing = new ArrayList<NewTopic>();
            for (String name : Topics.ALL) {
                if (!present.contains(name)) {
                    missing.add(topic(name));
                }
            }
            for (var created : admin.createTopics(missing).values().values()) {
                try {
                    await(created);
                } catch (ExecutionException e) {
                    // somebody else made it meanwhile
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
            var identities = new TreeMap<String, String>();
            await(admin.describeTopics(Topics.ALL).allTopicNames())
                    .forEach((name, description) ->
                            identities.put(name, description.topicId().toString()));
            return identities;
        } catch (ExecutionException | TimeoutException e) {
            throw new TryLater("The broker at " + settings.bootstrap() + " does not answer: " + e.getMessage(), e);
        }
    }

    private NewTopic topic(String name) {
        // dead letters carry headers on top of the largest record
        int largest = Topics.MAX_RECORD_BYTES + (128 << 10);
        return new NewTopic(name, settings.partitions(), (short) settings.replication())
                .configs(Map.of("max.message.bytes", Integer.toString(largest), "retention.ms", RETENTION_MILLIS));
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        return Clients.await(settings, future);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(5));
    }
}
