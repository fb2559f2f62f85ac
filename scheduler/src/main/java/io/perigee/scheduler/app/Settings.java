package io.perigee.scheduler.app;

import io.perigee.eventlog.DatabaseSettings;
import io.perigee.eventlog.Durations;
import io.perigee.eventlog.KafkaSettings;
import io.perigee.market.MarketPolicy;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** Everything the service is told at start: environment, system properties, application.properties. */
public record Settings(
        SchedulerConfig scheduler, ChainConfig chain, HubConfig hub, DatabaseConfig database, KafkaConfig kafka) {
    public static final String SCHEMA = "scheduler";

    /**
     * Reads the environment, system properties and application.properties.
     *
     * @throws io.smallrye.config.ConfigValidationException naming every value that is missing, wrong or unknown
     */
    public static Settings load() {
        return from(builder().addDefaultSources().addDiscoveredSources().build());
    }

    /** For tests and embedding: only these values, beside the defaults. */
    public static Settings of(Map<String, String> values) {
        return from(builder().withDefaultValues(values).build());
    }

    private static SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withConverter(Duration.class, 200, Durations::parseOrNull)
                .withMapping(SchedulerConfig.class)
                .withMapping(ChainConfig.class)
                .withMapping(HubConfig.class)
                .withMapping(DatabaseConfig.class)
                .withMapping(KafkaConfig.class);
    }

    private static Settings from(SmallRyeConfig config) {
        return new Settings(
                config.getConfigMapping(SchedulerConfig.class),
                config.getConfigMapping(ChainConfig.class),
                config.getConfigMapping(HubConfig.class),
                config.getConfigMapping(DatabaseConfig.class),
                config.getConfigMapping(KafkaConfig.class));
    }

    /** The rules' numbers. */
    public MarketPolicy policy() {
        return new MarketPolicy(
                chain.window().toSeconds(),
                chain.maxOrder().toSeconds(),
                scheduler.acceptTimeout(),
                scheduler.closingTimeout(),
                scheduler.crashLimit(),
                scheduler.attemptsPerOwner(),
                scheduler.maxAttempts(),
                scheduler.bondPercent(),
                scheduler.drawTimeout(),
                scheduler.reopenings());
    }

    /** How long the newest block that the node named is the newest. */
    Duration headAge() {
        if (scheduler.drawHeadAge().compareTo(scheduler.drawPoll()) <= 0) {
            throw new IllegalArgumentException(
                    "Expected perigee.scheduler.draw-head-age to be longer than perigee.scheduler.draw-poll, but they are %s and %s"
                            .formatted(scheduler.drawHeadAge(), scheduler.drawPoll()));
        }
        return scheduler.drawHeadAge();
    }

    Domain domain() {
        return new Domain(chain.id(), Address.parse(chain.escrow()));
    }

    DatabaseSettings databaseSettings() {
        return new DatabaseSettings(
                database.host(), database.port(), database.name(), SCHEMA, database.user(), database.password());
    }

    KafkaSettings kafkaSettings() {
        return new KafkaSettings(
                kafka.bootstrap(), kafka.partitions(), kafka.replication(), Duration.ofSeconds(10), Map.of());
    }
}
